import { mkdir, realpath } from "node:fs/promises";
import { join } from "node:path";
import type { Clock } from "../../clock.ts";
import { OperationError } from "../../errors.ts";
import { bindWhenFree, type KernelLock } from "../../process/kernel-lock.ts";
import { MigratedChats } from "../delivery/migrated-chats.ts";
import { AnswerJournal } from "../durable/answer-journal.ts";
import { PacedBudget } from "../pacing/send-budget.ts";
import { Outbox, type OutboxParts } from "./outbox.ts";

export type OutboxOptions = Omit<OutboxParts, "journal" | "migrated" | "budget" | "onClosed"> & {
  readonly stateDir: string;
  /** The bot's name: its folder under `<stateDir>/outbox/`. */
  readonly bot: string;
  readonly botId: number;
  /** Default: the whole budget of the token. */
  readonly budget?: OutboxParts["budget"];
  /** Ends the opening; an outbox that is open is ended by its `close`. */
  readonly signal?: AbortSignal;
  /** How long an earlier process of this bot may still need to end. Default: longer than any stop may take. */
  readonly waitMs?: number;
};

/** The longest ordered stop is 15 s (design, section 7). */
const usualWaitMs = 20_000;

/**
 * Opens a bot's outbox and begins to send what an earlier life left. The folder belongs to one process at a time: two
 * would send everything twice.
 * @throws OperationError while another process has it; AnswerNotStoredError when the disk does not let us;
 * ConfigurationError for files that cannot be read; the reason of the signal
 */
export async function openOutbox(options: OutboxOptions): Promise<Outbox> {
  const { stateDir, bot, botId, clock, log } = options;
  const dir = join(stateDir, "outbox", bot);
  await mkdir(dir, { recursive: true, mode: 0o700 });
  const { signal = new AbortController().signal } = options;
  const right = await takeFolder(dir, clock, options.waitMs ?? usualWaitMs, signal);
  let journal: AnswerJournal | undefined;
  try {
    signal.throwIfAborted();
    const path = join(dir, "answers.jsonl");
    const migrated = await MigratedChats.open(join(dir, "migrated.json"), clock, log);
    journal = await AnswerJournal.open({
      path,
      botId,
      clock,
      log,
      onEnded: options.hooks?.onMessageEnded,
    });
    // From here on it sends.
    signal.throwIfAborted();
    const budget = options.budget ?? new PacedBudget(clock);
    const onClosed = (): Promise<void> => right.release();
    return new Outbox({ ...options, journal, migrated, budget, onClosed });
  } catch (error) {
    // Nothing was promised through it; the first error is the one that tells.
    await journal?.close().catch(() => undefined);
    await right.release();
    throw error;
  }
}

async function takeFolder(
  dir: string,
  clock: Clock,
  waitMs: number,
  signal: AbortSignal,
): Promise<KernelLock> {
  const late = new AbortController();
  const cancel = clock.schedule(waitMs, () => {
    late.abort(
      new OperationError(
        `Another process of this bot still has ${dir} open. Stop it, then start this one again.`,
      ),
    );
  });
  try {
    const either = AbortSignal.any([signal, late.signal]);
    return await bindWhenFree(`outbox ${await realpath(dir)}`, either, { clock });
  } finally {
    cancel();
  }
}

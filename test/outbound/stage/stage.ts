import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { MigratedChats } from "../../../shared/outbound/delivery/migrated-chats.ts";
import { AnswerJournal } from "../../../shared/outbound/durable/answer-journal.ts";
import { Outbox, type OutboxParts } from "../../../shared/outbound/outbox/outbox.ts";
import { PacedBudget } from "../../../shared/outbound/pacing/send-budget.ts";
import type { Answer, Outcome, Receipt } from "../../../shared/outbound/queue/item.ts";
import { MemoryStorage } from "../../storage/memory-storage.ts";
import { ManualClock } from "../../support/manual-clock.ts";
import { type RecordingLog, recordingLog } from "../../support/recording-log.ts";
import { FakeTelegram } from "./fake-telegram.ts";

export interface Stage {
  readonly clock: ManualClock;
  readonly telegram: FakeTelegram;
  readonly storage: MemoryStorage;
  readonly log: RecordingLog;
  readonly outbox: Outbox;
  readonly journal: AnswerJournal;
  readonly migrated: MigratedChats;
  /** Another life on the same files, after this one was closed or just left. */
  again(): Promise<Stage>;
  /** Closes at once; what was to be sent stays. */
  end(): Promise<void>;
}

export interface StageOptions {
  readonly parts?: Partial<OutboxParts>;
  readonly storage?: MemoryStorage;
  readonly clock?: ManualClock;
  readonly telegram?: FakeTelegram;
  readonly dir?: string;
}

const folders: string[] = [];

/** An outbox with everything around it in memory, but for the file of migrated groups. */
export async function openStage(options: StageOptions = {}): Promise<Stage> {
  const clock = options.clock ?? new ManualClock();
  const telegram = options.telegram ?? new FakeTelegram(clock);
  const storage = options.storage ?? new MemoryStorage();
  const log = recordingLog();
  const dir = options.dir ?? mkdtempSync(join(tmpdir(), "outbox-"));
  if (options.dir === undefined) folders.push(dir);
  const journal = await AnswerJournal.open({ path: "", botId: 7, clock, log, storage });
  const migrated = await MigratedChats.open(join(dir, "migrated.json"), clock, log);
  const outbox = new Outbox({
    send: telegram.send,
    budget: new PacedBudget(clock),
    journal,
    migrated,
    clock,
    random: () => 0.5,
    log,
    ...options.parts,
  });
  return {
    clock,
    telegram,
    storage,
    log,
    outbox,
    journal,
    migrated,
    again: () => openStage({ ...options, storage, clock, telegram, dir }),
    end: () => outbox.close(0),
  };
}

/** For afterEach. */
export function removeFolders(): void {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
}

export function text(chatId: number, said: string, more: Partial<Answer> = {}): Answer {
  return {
    kind: "answer",
    method: "sendMessage",
    params: { chat_id: chatId, text: said },
    ...more,
  };
}

/** The outcome if there is one by now. */
export async function outcomeNow(receipt: Receipt | undefined): Promise<Outcome | "waiting"> {
  if (receipt === undefined) throw new Error("there is no such receipt");
  return Promise.race([
    receipt.outcome,
    new Promise<"waiting">((resolve) => setImmediate(() => setImmediate(() => resolve("waiting")))),
  ]);
}

import { join } from "node:path";
import { MigratedChats } from "../delivery/migrated-chats.ts";
import { AnswerJournal } from "../durable/answer-journal.ts";
import { PacedBudget } from "../pacing/send-budget.ts";
import { Outbox, type OutboxParts } from "./outbox.ts";

export type OutboxOptions = Omit<OutboxParts, "journal" | "migrated" | "budget"> & {
  readonly stateDir: string;
  /** The bot's name: its folder under `<stateDir>/outbox/`. One process at a time. */
  readonly bot: string;
  readonly botId: number;
  /** Default: the whole budget of the token. */
  readonly budget?: OutboxParts["budget"];
};

/**
 * Opens a bot's outbox and begins to send what an earlier life left.
 * @throws AnswerNotStoredError when the disk does not let us; ConfigurationError for files that cannot be read
 */
export async function openOutbox(options: OutboxOptions): Promise<Outbox> {
  const { stateDir, bot, botId, clock, log } = options;
  const dir = join(stateDir, "outbox", bot);
  const journal = await AnswerJournal.open({ path: join(dir, "answers.jsonl"), botId, clock, log });
  const migrated = await MigratedChats.open(join(dir, "migrated.json"), clock, log);
  return new Outbox({
    ...options,
    journal,
    migrated,
    budget: options.budget ?? new PacedBudget(clock),
  });
}

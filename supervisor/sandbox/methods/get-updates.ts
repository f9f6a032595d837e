import { parseAllowedUpdates } from "../updates/allowed-updates.ts";
import type { PollAnswer } from "../updates/poll-desk.ts";
import type { QueuedUpdate } from "../updates/update-queue.ts";
import { defineMethod } from "./call/method.ts";
import { integer, text } from "./call/parameters.ts";
import { TelegramError } from "./call/telegram-error.ts";

const defaultLimit = 100;

export const getUpdates = defineMethod(
  {
    offset: integer.optional(),
    limit: integer.optional(),
    timeout: integer.optional(),
    allowed_updates: text.optional(),
  },
  async ({ mailbox }, parameters) => {
    const query = {
      offset: parameters.offset ?? 0,
      limit: parameters.limit ?? defaultLimit,
      timeoutSeconds: parameters.timeout ?? 0,
    };
    const answer = await mailbox.getUpdates(query, parseAllowedUpdates(parameters.allowed_updates));
    if (answer.kind === "updates") return { json: writeUpdates(answer.updates) };
    throw refusal(answer);
  },
);

function refusal(answer: Exclude<PollAnswer, { kind: "updates" }>): TelegramError {
  if (answer.kind === "conflict") return new TelegramError(409, answer.description);
  if (answer.kind === "logged_out") return new TelegramError(400, "Logged out");
  return new TelegramError(500, "Internal Server Error: restart");
}

function writeUpdates(updates: readonly QueuedUpdate[]): string {
  return `[${updates.map(({ id, body }) => `{"update_id":${id},${body}}`).join(",")}]`;
}

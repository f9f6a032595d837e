import type { BotStatus } from "../../../shared/contract/fleet-status.ts";
import { formatDuration } from "../../../shared/duration.ts";
import { alignColumns } from "./columns.ts";

/** The updates that bots gave up, newest last; undefined where there are none. */
export function deadLetterTable(bots: readonly BotStatus[], nowMs: number): string | undefined {
  const rows = bots.flatMap(({ name, intake }) =>
    (intake?.deadLetters ?? []).map((letter) => [
      name,
      String(letter.seq),
      String(letter.updateId),
      letter.conversation,
      `${formatDuration(nowMs - letter.givenUpAt)} ago`,
      String(letter.attempts),
      letter.error,
    ]),
  );
  if (rows.length === 0) return undefined;
  return alignColumns([
    ["bot", "number", "update", "conversation", "given up", "attempts", "error"],
    ...rows,
  ]);
}

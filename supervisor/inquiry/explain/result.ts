import { commandOf } from "../../../shared/dispatch/command-of.ts";
import type { JournalRecord } from "../../../shared/intake/update-log/journal.ts";
import type { Handling, QueuePlace } from "../../control/contract/explanation.ts";
import { cancelWords } from "./queue-place.ts";
import { messageWords, turnEndWords } from "./stations.ts";

/** What came of an update, or why nothing did; a sentence for each bot that had to do with it. */
export function resultOf({ update }: JournalRecord, bots: readonly Handling[]): string {
  const concerned = bots.filter(({ state }) => state !== "left" && state !== "absent");
  const others = bots.filter(({ state }) => state === "left").map(({ bot }) => bot);
  const absent = bots.filter(({ state }) => state === "absent").map(({ bot }) => bot);
  const were = `${absent.join(", ")} ${absent.length === 1 ? "was" : "were"} not on this log yet.`;
  const more = [
    ...(others.length === 0 ? [] : [`Read and left to others by ${others.join(", ")}.`]),
    ...(absent.length === 0 ? [] : [were]),
  ];
  if (concerned.length > 0 || (absent.length > 0 && others.length === 0))
    return [...concerned.map(outcomeOf), ...more].join(" ");
  if (bots.length === 0) return "No bot has read this log yet.";
  const addressee = commandOf(update)?.addressee;
  const whose = addressee === undefined ? "" : `: the command names @${addressee}`;
  return [`It is for none of the bots of this token${whose}.`, ...more.slice(1)].join(" ");
}

function outcomeOf(handling: Handling): string {
  const { bot, state, attempts, dropped, error } = handling;
  const tried = `${attempts} attempt${attempts === 1 ? "" : "s"}`;
  if (state === "given_up")
    return `${bot} gave it up after ${tried}: ${error ?? "?"}. Try again: npx tg-supervisor dead-letters`;
  if (state === "dropped") {
    const why = dropped?.why === "full" ? ", because the list was full" : "";
    return `${bot} gave it up after ${tried} (${error ?? "?"}); the letter was dropped${why}.`;
  }
  if (state === "refused") {
    const pair = `npx tg-supervisor pair${bot === "main" ? "" : ` --bot ${bot}`}`;
    return `${bot} did nothing with it, because its sender may not use the bot. To let somebody in: ${pair}`;
  }
  if (state === "unread") return `${bot} has not come to it yet: it does not run, or is behind.`;
  if (state === "open")
    return `${bot} has it in hand${error === undefined ? "" : ` (${tried}; last error: ${error})`}.`;
  return doneWords(handling);
}

function doneWords(handling: Handling): string {
  const { bot, tries, queue, turns, answers } = handling;
  const turn = turns.at(-1);
  const isTurnTold =
    turn === undefined || turn.outcome === "completed" || queue?.state === "waiting";
  const sent = answers.filter(({ state }) => state === "sent");
  const ids = [...new Set(sent.flatMap(({ messageIds }) => messageIds))];
  const sentences = [
    ...(queue === undefined ? [] : queueWords(bot, queue)),
    ...(isTurnTold ? [] : [`${bot}: ${turnEndWords(turn)}.`]),
    ...(ids.length === 0 ? [] : [`${bot} sent ${messageWords(ids)}.`]),
    ...answers.flatMap(({ state, reason }) => {
      if (state === "waiting") return [`${bot} has an answer that waits to be sent.`];
      return state === "failed" ? [`${bot} could not send an answer: ${reason ?? "?"}.`] : [];
    }),
  ];
  if (sentences.length > 0) return sentences.join(" ");
  if (turn !== undefined) return `${bot}: ${turnEndWords(turn)}; nothing of it was sent yet.`;
  const failure = tries.at(-1)?.error;
  if (failure !== undefined) return `${bot} failed with it (${failure}); it is not tried again.`;
  return tries.length > 0
    ? `${bot} handled it and sent no message.`
    : `${bot} is done with it. What it did is not known any more: its chronicle holds the newest updates only.`;
}

function queueWords(bot: string, { name, state, why }: QueuePlace): string[] {
  if (state === "waiting") return [`${bot}: it waits for its turn in session ${name}.`];
  return state === "cancelled" ? [`${bot} took it out of its queue: ${cancelWords(why)}.`] : [];
}

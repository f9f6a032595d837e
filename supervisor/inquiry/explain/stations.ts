import type { LineOf } from "../../../shared/contract/chronicle/chronicle-line.ts";
import { formatDuration } from "../../../shared/duration.ts";
import type { JournalRecord } from "../../../shared/intake/update-log/journal.ts";
import type {
  ExplainedMessage,
  ExplainedTurn,
  Handling,
  Station,
} from "../../control/contract/explanation.ts";
import type { BotBook } from "./bot-book.ts";
import { cancelWords } from "./queue-place.ts";

/** A handler that takes less is one line: when it ended. */
const briefMs = 100;

/** Whatever happened to an update, in the order of time. */
export function stationsOf(
  { receivedAtMs, seq, epoch, updateId }: JournalRecord,
  bots: readonly Handling[],
  books: readonly BotBook[],
): Station[] {
  const received = `received, logged as number ${seq} (polling epoch ${epoch})`;
  const stations = [
    { at: receivedAtMs, text: received },
    ...bots.flatMap((handling) => {
      const book = books.find(({ bot }) => bot === handling.bot);
      const noted = book === undefined ? [] : notedOf(book, updateId);
      return [...noted, ...handledOf(handling, receivedAtMs)].map((each) => ({
        ...each,
        bot: handling.bot,
      }));
    }),
  ];
  // What happened in one moment stays in its order: the sort is stable.
  return stations.toSorted((a, b) => a.at - b.at);
}

/** How a span of time is said. */
export function spanWords(ms: number): string {
  if (ms < 1_000) return `${Math.round(ms)} ms`;
  return ms < 60_000 ? `${(ms / 1_000).toFixed(1)} s` : formatDuration(ms);
}

type OwnStation = Omit<Station, "bot">;

type NotedLine = LineOf<"again" | "refused" | "queued" | "known" | "cancelled">;

function notedOf(book: BotBook, updateId: number): OwnStation[] {
  const kinds = ["again", "refused", "queued", "known", "cancelled"] as const;
  return book.chronicle
    .find(kinds, updateId)
    .filter(({ u }) => (typeof u === "number" ? u === updateId : u.includes(updateId)))
    .map((line) => ({ at: line.at, text: notedWords(line) }));
}

function notedWords(line: NotedLine): string {
  if (line.t === "again") return "was given it by Telegram once more, and dropped it as a repeat";
  if (line.t === "refused") return `refused it: ${strangerWords(line.user)}`;
  if (line.t === "queued") return `queued it in session ${line.name}`;
  if (line.t === "known") return "dropped it as a repeat: its session had the message already";
  return `took it out of the queue: ${cancelWords(line.why)}`;
}

function handledOf(handling: Handling, receivedAt: number): OwnStation[] {
  const { state, tries, turns, answers, givenUpAt, dropped, attempts, error } = handling;
  const stations: OwnStation[] = [
    // Of a refused one the handler never heard.
    ...(state === "refused" ? [] : tries.flatMap((each) => tryStations(each, receivedAt))),
    ...turns.flatMap(turnStations),
    ...answers.map(messageStation),
  ];
  if (dropped !== undefined) {
    const why = dropped.why === "full" ? "the list was full" : "somebody dropped it";
    return [...stations, { at: dropped.at, text: `its dead letter is gone: ${why}` }];
  }
  if (givenUpAt === undefined) return stations;
  const text = `gave it up after ${attempts} attempts: ${error ?? "?"}`;
  return [...stations, { at: givenUpAt, text }];
}

function tryStations(
  { number, began, ended, error, interrupted }: Handling["tries"][number],
  receivedAt: number,
): OwnStation[] {
  const waited = began - receivedAt;
  const lane = waited < briefMs ? "" : `, after ${spanWords(waited)} in its lane`;
  const which = number === 1 ? lane : ` (attempt ${number})`;
  const begins = { at: began, text: `its handler began${which}` };
  if (ended === undefined) {
    const cut = { at: began, text: `its process ended while it was handled${which}` };
    return interrupted === true ? [begins, cut] : [begins];
  }
  const took = spanWords(ended - began);
  const end = {
    at: ended,
    text:
      error === undefined
        ? `handled it in ${took}${which}`
        : `failed after ${took}${which}: ${error}`,
  };
  return ended - began < briefMs ? [end] : [begins, end];
}

function turnStations(turn: ExplainedTurn): OwnStation[] {
  const { turn: number, name, updates, pid, began, ended } = turn;
  const agent = pid === undefined ? "" : `, agent pid ${pid}`;
  const others = updates.length < 2 ? "" : `, with updates ${updates.join(", ")}`;
  const begins = { at: began, text: `turn ${number} of session ${name} began${agent}${others}` };
  const end = ended === undefined ? [] : [{ at: ended, text: turnEndWords(turn) }];
  return [begins, ...end];
}

/** How a turn ended, or that it runs. */
export function turnEndWords({ turn, began, ended, outcome, why }: ExplainedTurn): string {
  const after = ended === undefined ? "" : ` after ${spanWords(ended - began)}`;
  const reason = why === undefined ? "" : `: ${why.replace(/\.$/, "")}`;
  const words: Record<ExplainedTurn["outcome"], string> = {
    running: "runs",
    completed: `completed${after}`,
    aborted: `was stopped${after}`,
    failed: `failed${after}${reason}`,
    interrupted: "was interrupted by the end of the bot's process",
    undone: "did not take place; its messages waited again",
  };
  return `turn ${turn} ${words[outcome]}`;
}

function messageStation(message: ExplainedMessage): OwnStation {
  const { state, at, since, messageIds, reason } = message;
  const waited = at - since < 1_000 ? "" : `, ${spanWords(at - since)} after it was handed over`;
  const words: Record<ExplainedMessage["state"], string> = {
    waiting: "a message waits to be sent",
    growing: `shows message ${messageIds.join(", ")}, which grows`,
    sent: `sent ${messageWords(messageIds)}${waited}`,
    failed: `could not send a message: ${reason ?? "?"}`,
  };
  return { at, text: words[state] };
}

/** Of messages that were sent. */
export function messageWords(ids: readonly number[]): string {
  return ids.length === 1 ? `message ${ids[0]}` : `messages ${ids.join(", ")}`;
}

function strangerWords(user: number | undefined): string {
  return user === undefined
    ? "nobody is named as its sender, and the bot answers its allowlist only"
    : `user ${user} is not on its allowlist`;
}

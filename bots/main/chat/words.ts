import { formatDuration } from "../../../shared/duration.ts";
import type { InlineKeyboardMarkup } from "../../../shared/telegram/bot-api.ts";
import type { Saying, TurnEnding, WaitReason } from "../sessions/ports.ts";
import { permissionWords } from "./permission-words.ts";
import { type Button, keyboard } from "./press.ts";
import { questionWords } from "./question-words.ts";

/** Markdown, and the buttons under it. */
export interface Words {
  readonly markdown: string;
  readonly keyboard?: InlineKeyboardMarkup;
}

const minuteMs = 60_000;
const mostButtons = 20;

/** @param turn while which it stops what runs there; undefined: at any time */
export function stopKeyboard(turn: number | undefined): InlineKeyboardMarkup {
  return keyboard([["⏹ Stop", { kind: "stop", turn }]]);
}

/** What sessions say, in words. */
export function sayingWords(saying: Saying): Words {
  if (saying.kind === "resuming") return { markdown: resumingWords(saying.idleMs) };
  if (saying.kind === "resume_failed") return resumeFailedWords(saying);
  if (saying.kind === "interrupted") return interruptedWords(saying);
  if (saying.kind === "request") return requestWords(saying);
  if (saying.kind === "does_not_end") return { markdown: endlessWords(saying) };
  if (saying.kind === "topic_gone") return topicGoneWords(saying);
  if (saying.kind === "stop_cut") return stopCutWords(saying);
  if (saying.kind === "stalled")
    return { markdown: stalledWords(saying), keyboard: stopKeyboard(saying.turn) };
  return { markdown: waitingWords(saying), keyboard: stopKeyboard(undefined) };
}

/** What stays of a turn in the chat; undefined where nothing does. */
export function endingWords({ outcome, text }: TurnEnding): string | undefined {
  if (outcome === "completed") return text.trim() === "" ? "The agent ended without a word." : text;
  if (outcome === "failed")
    return `⚠️ ${text.trim() === "" ? "The agent failed and gave no reason." : text}`;
  return text.trim() === "" ? undefined : `${text}\n\n⏹ Stopped.`;
}

/** What grows: the text so far, and what the agent does. */
export function growingWords(text: string, activity: string | undefined): string {
  const doing = activity === undefined ? "" : `⚙️ ${code(activity)}`;
  return [text, doing].filter((part) => part !== "").join("\n\n");
}

/** In a line, whatever stands in it. */
export function code(text: string): string {
  return `\`${text.replaceAll(/\s+/g, " ").replaceAll("`", "'").slice(0, 200)}\``;
}

/** A message that waits. */
export function queuedWords(seq: number, { ahead, forDecision }: WaitReason): Words {
  const why = forDecision ? "; the session waits for your decision" : "";
  return {
    markdown: `⏳ Queued${ahead === 0 ? "" : `, ${ahead} before it`}${why}.`,
    keyboard: queuedKeyboard(seq),
  };
}

export function queuedKeyboard(seq: number): InlineKeyboardMarkup {
  return keyboard([["✖️ Cancel", { kind: "cancel", seq }]]);
}

function resumingWords(idleMs: number): string {
  if (idleMs < minuteMs) return "Resuming session...";
  const wholeMinutesMs = Math.floor(idleMs / minuteMs) * minuteMs;
  return `Resuming session (idle for ${formatDuration(wholeMinutesMs)})...`;
}

function waitingWords({ session, limit }: Extract<Saying, { kind: "waiting_for_seat" }>): string {
  const busy = limit === 1 ? "one agent is" : `${limit} agents are`;
  return `⏳ Session '${session}' waits: ${busy} at work already. It begins as soon as one of them rests.`;
}

function endlessWords({ session }: Extract<Saying, { kind: "does_not_end" }>): string {
  return `⚠️ Session '${session}' waits for a process of its agent that does not end. It is ended again every few seconds; what you write meanwhile is taken up as soon as it is gone. The log names the process.`;
}

function stalledWords({
  session,
  silentMs,
  elapsedMs,
  tool,
}: Extract<Saying, { kind: "stalled" }>): string {
  const seen = tool === undefined ? "" : `; last seen with ${code(tool)}`;
  return `⏳ Session '${session}' has said nothing for ${formatDuration(silentMs)} (at work for ${formatDuration(elapsedMs)})${seen}.`;
}

function resumeFailedWords({
  sessionId,
  session,
  reason,
  waiting,
}: Extract<Saying, { kind: "resume_failed" }>): Words {
  return {
    markdown: `⚠️ Session '${session}' could not be resumed. ${reason}\n\n${messages(waiting)} until you decide. Start fresh begins without its history.`,
    keyboard: keyboard([
      ["Try again", { kind: "resume", session: sessionId, wish: "retry" }],
      ["Start fresh", { kind: "resume", session: sessionId, wish: "fresh" }],
    ]),
  };
}

/** With what its reader had seen: it stands in the place of that. */
function interruptedWords({
  session,
  turn,
  canResume,
  shown,
  waiting,
}: Extract<Saying, { kind: "interrupted" }>): Words {
  const what = `⚠️ Session '${session}' was interrupted by a restart.`;
  const behind = waiting === 0 ? "" : ` ${messages(waiting)} behind it.`;
  const parts = [shown, `${what}${canResume ? behind : ""}`];
  const markdown = parts.filter((part) => part !== "").join("\n\n");
  if (!canResume) return { markdown };
  return {
    markdown,
    keyboard: keyboard([
      ["Resume", { kind: "interrupted", turn, wish: "resume" }],
      ["Discard", { kind: "interrupted", turn, wish: "discard" }],
    ]),
  };
}

function stopCutWords({ token, cancelled, lost }: Extract<Saying, { kind: "stop_cut" }>): Words {
  const what = "⏹ The bot was restarted in the midst of a stop.";
  return {
    markdown: [what, ...cancelledWords(cancelled), ...lostWords(lost)].join("\n"),
    ...(cancelled === 0 ? {} : { keyboard: restoreKeyboard(token) }),
  };
}

export function cancelledWords(count: number): readonly string[] {
  if (count === 0) return [];
  return [`${count} queued ${count === 1 ? "message" : "messages"} cancelled.`];
}

export function lostWords(lost: number): readonly string[] {
  if (lost === 0) return [];
  return lost === 1
    ? ["1 message cancelled on its way; to have it, send it again."]
    : [`${lost} messages cancelled on their way; to have them, send them again.`];
}

export function restoreKeyboard(token: string): InlineKeyboardMarkup {
  return keyboard([["↩️ Restore", { kind: "restore", token }]]);
}

function topicGoneWords({ sessions }: Extract<Saying, { kind: "topic_gone" }>): Words {
  const [only] = sessions;
  const isOne = sessions.length === 1;
  const names = sessions.map(({ name }) => `'${name}'`).join(", ");
  const whose = isOne ? `session ${names}` : `the sessions ${names}`;
  const them = isOne ? "it keeps its history" : "they keep their histories";
  return {
    markdown: `⚠️ The topic of ${whose} is closed or gone. What is still said for it comes here; ${them}. Go on here or in another topic with /session ${isOne ? (only?.name ?? "") : "<name>"}, or /archive after that.`,
    keyboard: keyboard(
      ...sessions
        .slice(0, mostButtons)
        .map(({ id, name }): readonly Button[] => [
          [isOne ? "Go on here" : `Go on here with ${name}`, { kind: "choose", session: id }],
        ]),
    ),
  };
}

function requestWords({ request, session, ask }: Extract<Saying, { kind: "request" }>): Words {
  if (ask.kind === "question") return questionWords(request, ask.questions, []);
  return permissionWords(request, session, ask);
}

function messages(count: number): string {
  return count === 1 ? "1 message waits" : `${count} messages wait`;
}

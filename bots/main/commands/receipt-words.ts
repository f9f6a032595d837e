import { cancelledWords, code, lostWords, restoreKeyboard, type Words } from "../chat/words.ts";
import type { StopReceipt } from "../sessions/scope/stop-receipt.ts";

type StoppedSession = StopReceipt["sessions"][number];

/** What a stop did, in words that are true. @param namesTopics of a chat-wide stop */
export function receiptWords(receipt: StopReceipt, namesTopics: boolean): Words {
  const { sessions, cancelled, lost, backgroundLeft, restoreToken } = receipt;
  const goesOn = backgroundLeft === 0 ? "" : backgroundWords(backgroundLeft);
  if (sessions.length + cancelled + lost === 0)
    return { markdown: `Nothing is running${goesOn === "" ? "" : `; ${goesOn}`}.` };
  const lines = sessions.map((session) => {
    const { topicId } = session.place;
    const topic = namesTopics && topicId !== undefined ? `Topic ${topicId}: ` : "";
    return `⏹ ${topic}${code(session.session)} ${doneWords(session)}`;
  });
  return {
    markdown: [
      ...lines,
      ...cancelledWords(cancelled),
      ...lostWords(lost),
      ...(goesOn === "" ? [] : [`${goesOn}.`]),
    ].join("\n"),
    ...(restoreToken === undefined ? {} : { keyboard: restoreKeyboard(restoreToken) }),
  };
}

function doneWords({
  how,
  reason,
  tookMs,
  isVerified,
  toolsEnded,
  backgroundLeft,
}: StoppedSession): string {
  if (how === "nothing") return "had nothing running.";
  if (how === "waited") return "waited for its start; that is cancelled.";
  const seconds = `${(tookMs / 1_000).toFixed(1)} s`;
  const why =
    reason === "background" ? "had work in the background" : "did not listen, or was at its start";
  const done =
    how === "interrupted"
      ? `interrupted in ${seconds}`
      : `${why}: its process was ended in ${seconds}`;
  return `${done}; ${provenWords(isVerified, toolsEnded, backgroundLeft)}.`;
}

function backgroundWords(left: number): string {
  return left === 1
    ? "1 piece of background work goes on (/stop_all ends it)"
    : `${left} pieces of background work go on (/stop_all ends them)`;
}

function provenWords(isVerified: boolean, toolsEnded: number, backgroundLeft: number): string {
  if (backgroundLeft > 0) return backgroundWords(backgroundLeft);
  if (!isVerified)
    return "it could not be proven that all of its tools are gone; see /status and the log";
  const ended = toolsEnded === 0 ? "" : ` (${toolsEnded} ended one by one)`;
  return `its tool processes are gone, verified${ended}`;
}

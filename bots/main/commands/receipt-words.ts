import { keyboard } from "../chat/press.ts";
import { code, type Words } from "../chat/words.ts";
import type { StopReceipt } from "../sessions/scope/stop-receipt.ts";

type StoppedSession = StopReceipt["sessions"][number];

/** What a stop did, in words that are true. @param namesTopics of a chat-wide stop */
export function receiptWords(receipt: StopReceipt, namesTopics: boolean): Words {
  const { sessions, cancelled, restoreToken } = receipt;
  if (sessions.length === 0 && cancelled === 0) return { markdown: "Nothing is running." };
  const lines = sessions.map((session) => {
    const { topicId } = session.place;
    const topic = namesTopics && topicId !== undefined ? `Topic ${topicId}: ` : "";
    return `⏹ ${topic}${code(session.session)} ${doneWords(session)}`;
  });
  const queued =
    cancelled === 0
      ? []
      : [`${cancelled} queued ${cancelled === 1 ? "message" : "messages"} cancelled.`];
  return {
    markdown: [...lines, ...queued].join("\n"),
    ...(restoreToken === undefined
      ? {}
      : { keyboard: keyboard([["↩️ Restore", { kind: "restore", token: restoreToken }]]) }),
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

function provenWords(isVerified: boolean, toolsEnded: number, backgroundLeft: number): string {
  if (backgroundLeft > 0)
    return `${backgroundLeft} pieces of background work go on (/stop_all ends them)`;
  if (!isVerified)
    return "it could not be proven that all of its tools are gone; see /status and the log";
  const ended = toolsEnded === 0 ? "" : ` (${toolsEnded} ended one by one)`;
  return `its tool processes are gone, verified${ended}`;
}

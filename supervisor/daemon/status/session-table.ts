import { formatDuration } from "../../../shared/duration.ts";
import type { SessionList } from "../../control/contract/sessions.ts";
import { alignColumns } from "./columns.ts";

const heading = [
  "bot",
  "session",
  "chat",
  "agent",
  "model",
  "status",
  "pid",
  "waiting",
  "last active",
  "turns",
  "cost",
];

/** The sessions of the fleet, the one used last first; undefined where there are none. */
export function sessionTable({ count, sessions }: SessionList, nowMs: number): string | undefined {
  if (sessions.length === 0) return undefined;
  const rows = sessions.map((session) => [
    session.bot,
    session.name,
    placeOf(session.conversation),
    session.agent,
    session.model ?? "-",
    session.status,
    String(session.pid ?? "-"),
    String(session.waiting),
    `${formatDuration(nowMs - session.lastActiveAt)} ago`,
    String(session.turns),
    `$${session.costUsd.toFixed(session.costUsd < 1 ? 4 : 2)}`,
  ]);
  const older = count - sessions.length;
  return alignColumns([heading, ...rows]) + (older > 0 ? `\n${older} older ones not shown` : "");
}

/** As explain and the dead letters name a conversation. */
function placeOf({ chatId, topicId }: SessionList["sessions"][number]["conversation"]): string {
  return topicId === undefined ? String(chatId) : `${chatId}:${topicId}`;
}

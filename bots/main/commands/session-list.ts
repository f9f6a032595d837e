import { type Button, keyboard } from "../chat/press.ts";
import { code, type Words } from "../chat/words.ts";
import type { SessionPlace } from "../sessions/ports.ts";
import type { SessionRecord } from "../sessions/record/session-record.ts";
import type { Session } from "../sessions/session.ts";
import { agoWords } from "./ago.ts";
import type { CommandDesk } from "./command-desk.ts";
import type { SessionCommand } from "./session-command.ts";

const manyLive = 10;
const mostButtons = 20;

export const sessionList: SessionCommand = {
  command: "sessions",
  description: "List all sessions with status",
  run: (desk, ctx) => desk.reply(ctx, listWords(desk, desk.placeOf(ctx))),
};

export const switchSession: SessionCommand = {
  command: "session",
  usage: "[name]",
  description: "Show or switch the active session",
  async run(desk, ctx, argument) {
    const place = desk.placeOf(ctx);
    if (argument === "") return desk.reply(ctx, listWords(desk, place));
    const session = desk.sessions.find(place.chatId, argument);
    if (session === undefined) {
      return desk.reply(ctx, { markdown: `No session '${argument}'. Use /sessions to see all.` });
    }
    await desk.reply(ctx, { markdown: switchTo(desk, session, place) });
  },
};

/** @returns what to say */
export function switchTo(desk: CommandDesk, session: Session, place: SessionPlace): string {
  const { name, conversation, isTopicGone } = session.record();
  // Whoever presses may have made the button up.
  if (conversation.chatId !== place.chatId) return "That session belongs to another chat.";
  if (conversation.topicId !== place.topicId) {
    if (isTopicGone === true) {
      desk.sessions.bringTo(session, place);
      return `Session '${name}' goes on here.`;
    }
    return `Session '${name}' belongs to another topic of this chat. Speak to it there.`;
  }
  desk.sessions.choose(session);
  return `Switched to session '${name}'.`;
}

/** In a topic its own sessions, elsewhere all of the chat; the one used last first. */
function listWords(desk: CommandDesk, place: SessionPlace): Words {
  const shown = desk.sessions
    .all()
    .map((session) => ({ session, record: session.record() }))
    .filter(
      ({ record: { conversation } }) =>
        conversation.chatId === place.chatId &&
        (place.topicId === undefined || conversation.topicId === place.topicId),
    );
  if (shown.length === 0) return { markdown: "No sessions. Use /new <name> to create one." };
  const lines = shown.map(({ session }) => lineOf(desk, session, place));
  const rows = shown
    .filter(
      ({ record: { conversation, isTopicGone } }) =>
        conversation.topicId === place.topicId || isTopicGone === true,
    )
    .filter(({ session }) => session !== desk.sessions.active(place))
    .slice(0, mostButtons)
    .map(({ session, record }): readonly Button[] => [
      [record.name, { kind: "choose", session: session.id }],
    ]);
  return {
    markdown: [lines.join("\n"), ...tooManyLive(desk)].join("\n\n"),
    ...(rows.length === 0 ? {} : { keyboard: keyboard(...rows) }),
  };
}

function lineOf(desk: CommandDesk, session: Session, place: SessionPlace): string {
  const { name, persona, conversation, lastActiveAtMs } = session.record();
  const arrow = session === desk.sessions.active(conversation) ? "→ " : "";
  const light = session.process === undefined ? "⚪" : "🟢";
  const ago = agoWords(desk.clock.now() - lastActiveAtMs);
  const where = conversation.topicId === place.topicId ? "" : topicWords(session.record());
  return `${arrow}${light} ${code(name)} [${persona}] ${ago}${where}`;
}

/** Topics have no names that a bot could ask for; in a supergroup a link leads there. */
function topicWords({ conversation: { chatId, topicId }, isTopicGone }: SessionRecord): string {
  if (topicId === undefined) return "";
  if (isTopicGone === true) return `, topic ${topicId} (closed or gone)`;
  const group = /^-100(\d+)$/.exec(String(chatId))?.[1];
  return group === undefined
    ? `, topic ${topicId}`
    : `, [topic ${topicId}](https://t.me/c/${group}/${topicId})`;
}

function tooManyLive(desk: CommandDesk): readonly string[] {
  const live = desk.sessions.all().filter(({ process }) => process !== undefined).length;
  return live > manyLive
    ? [`⚠️ ${live} sessions are live. Each takes memory: /archive those you do not need.`]
    : [];
}

import { keyboard } from "../chat/press.ts";
import { code } from "../chat/words.ts";
import { burstsIn } from "../sessions/queue/burst.ts";
import type { SessionCommand } from "./session-command.ts";

const shownMessages = 10;
const shownLetters = 60;

export const agent: SessionCommand = {
  command: "agent",
  description: "Show the session's agent, and those there are",
  async run(desk, ctx) {
    const session = desk.sessions.active(desk.placeOf(ctx));
    const own = session?.record();
    const lines = desk.catalogue.list().map(({ name, driver, model, missing }) => {
      const facts = [driver, ...(model === undefined ? [] : [model])].join(", ");
      return `${code(name)} (${facts})${missing === undefined ? "" : ` ⚠️ ${missing}`}`;
    });
    const personas = desk.catalogue.personas().map(code).join(", ");
    const first =
      own === undefined
        ? []
        : [`Session '${own.name}' has the agent ${code(own.agent)}, persona ${code(own.persona)}.`];
    await desk.reply(ctx, {
      markdown: [...first, `Agents:\n${lines.join("\n")}`, `Personas: ${personas}`].join("\n\n"),
    });
  },
};

export const cost: SessionCommand = {
  command: "cost",
  description: "Show what the sessions have cost",
  async run(desk, ctx) {
    const place = desk.placeOf(ctx);
    const records = desk.sessions
      .all()
      .map((session) => session.record())
      .filter(({ conversation }) => conversation.chatId === place.chatId);
    if (records.length === 0)
      return desk.reply(ctx, { markdown: "No sessions. Use /new <name> to create one." });
    const lines = records.map(
      ({ name, costUsd, turns }) =>
        `${code(name)}: ${dollars(costUsd)} in ${turns} ${turns === 1 ? "turn" : "turns"}`,
    );
    const sum = records.reduce((total, { costUsd }) => total + costUsd, 0);
    await desk.reply(ctx, { markdown: [...lines, `Together: ${dollars(sum)}`].join("\n") });
  },
};

export const queue: SessionCommand = {
  command: "queue",
  description: "Show the messages that wait",
  async run(desk, ctx) {
    const session = await desk.activeSession(ctx);
    if (session === undefined) return;
    const waiting = burstsIn(session.waiting);
    if (waiting.length === 0) return desk.reply(ctx, { markdown: "No messages wait." });
    const shown = waiting.slice(0, shownMessages);
    const lines = shown.map(
      (burst, index) =>
        `${index + 1}. ${code(wordsOf(burst).slice(0, shownLetters) || "(a file)")}`,
    );
    const more = waiting.length - shown.length;
    await desk.reply(ctx, {
      markdown: [...lines, ...(more > 0 ? [`and ${more} more`] : [])].join("\n"),
      keyboard: keyboard(
        ...shown.map(([first], index) => [
          [`✖️ Cancel ${index + 1}`, { kind: "cancel", seq: first?.seq ?? 0 }] as const,
        ]),
      ),
    });
  },
};

function wordsOf(burst: readonly { readonly text: string }[]): string {
  return burst
    .map(({ text }) => text)
    .join(" ")
    .trim();
}

function dollars(amount: number): string {
  return `$${amount.toFixed(amount < 1 ? 4 : 2)}`;
}

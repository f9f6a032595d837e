import { errorMessage } from "../../../shared/errors.ts";
import type { Context } from "../../../shared/telegram/bot-api.ts";
import type { AgentReply } from "../agents/port.ts";
import { decodePress, type Press } from "../chat/press.ts";
import { stateWords } from "../chat/telegram-chat.ts";
import type { CommandDesk } from "../commands/command-desk.ts";
import { switchTo } from "../commands/session-list.ts";
import { stopHere, stopTurn, turnOver } from "../commands/stop.ts";

const outOfDate = "This button is out of date.";

/** Every press is answered, also one that means nothing any more. Data that is not ours is never acted upon. */
export async function press(desk: CommandDesk, ctx: Context): Promise<void> {
  const data = ctx.callbackQuery?.data;
  const wish = data === undefined ? undefined : decodePress(data);
  if (wish === undefined || ctx.chatId === undefined) {
    await acknowledge(desk, ctx, outOfDate);
    return;
  }
  if (wish.kind === "stop" && saysNoTopic(ctx)) {
    await acknowledge(desk, ctx, "Telegram does not say where this was. Send /stop there.");
    return;
  }
  if (wish.kind === "stop") {
    const { turn } = wish;
    if (turn !== undefined && !desk.sessions.all().some(({ openTurn }) => openTurn === turn)) {
      await acknowledge(desk, ctx, turnOver);
      return;
    }
    const stopping = turn === undefined ? stopHere(desk, ctx) : stopTurn(desk, ctx, turn);
    // Neither waits for the other: a stop takes its time, and so may Telegram.
    await Promise.all([acknowledge(desk, ctx, "Stopping..."), stopping]);
    return;
  }
  await acknowledge(desk, ctx, await act(desk, ctx, wish));
}

/** A message that is gone, or old, comes without its topic and with date 0: a stop there would end all topics. */
function saysNoTopic(ctx: Context): boolean {
  return ctx.callbackQuery?.message?.date === 0 && (ctx.chatId ?? 0) < 0;
}

/** Never rejects: what the press asked for is done all the same, and is not done again. */
async function acknowledge(desk: CommandDesk, ctx: Context, text: string): Promise<void> {
  try {
    await ctx.answerCallbackQuery({ text });
  } catch (error) {
    desk.log.warn("A press could not be answered.", { cause: errorMessage(error) });
  }
}

/** @returns what has become of it */
async function act(
  desk: CommandDesk,
  ctx: Context,
  wish: Exclude<Press, { kind: "stop" }>,
): Promise<string> {
  const { sessions } = desk;
  if (wish.kind === "restore") return restored(desk, ctx, await sessions.restore(wish.token));
  if (wish.kind === "cancel") {
    return (await sessions.cancel(wish.seq)) ? "Cancelled." : "It does not wait any more.";
  }
  if (wish.kind === "choose") return choose(desk, ctx, wish.session);
  if (wish.kind === "resume") {
    if (sessions.get(wish.session)?.decide(wish.wish) !== true) {
      takeButtonsAway(ctx);
      return outOfDate;
    }
    desk.chat.passed(wish.session, "resume_failed");
    return wish.wish === "retry" ? "Trying again..." : "Starting fresh...";
  }
  if (wish.kind === "interrupted") {
    const isSettled = await sessions.decideInterrupted(wish.turn, wish.wish);
    takeButtonsAway(ctx);
    if (!isSettled) return "That was decided before.";
    return wish.wish === "resume" ? "Taken up again." : "Discarded.";
  }
  if (wish.kind === "question") return answer(desk, ctx, wish);
  const reply: AgentReply = wish.isAllowed
    ? { kind: "allow" }
    : { kind: "deny", message: "The user said no." };
  const state = sessions.answer(wish.request, reply);
  if (state === "expired") takeButtonsAway(ctx);
  return stateWords(state);
}

async function choose(desk: CommandDesk, ctx: Context, id: string): Promise<string> {
  const session = desk.sessions.get(id);
  if (session === undefined) return "That session was archived.";
  const text = switchTo(desk, session, desk.placeOf(ctx));
  await desk.reply(ctx, { markdown: text });
  return text;
}

async function restored(desk: CommandDesk, ctx: Context, count: number): Promise<string> {
  takeButtonsAway(ctx);
  if (count === 0) return "That was restored before, or is too long ago.";
  const text = `↩️ ${count} ${count === 1 ? "message was" : "messages were"} queued again.`;
  await desk.reply(ctx, { markdown: text });
  return text;
}

async function answer(
  desk: CommandDesk,
  ctx: Context,
  { request, question, option }: Extract<Press, { kind: "question" }>,
): Promise<string> {
  const next = desk.chat.questions.press(request, question, option);
  if (next === undefined) {
    // Not known any more, or a button of a question that is answered: the record says how it stands.
    return stateWords(desk.sessions.stateOf(request));
  }
  // The agent does not wait for what people see; begun before the answer, this stands before the words about it.
  const showing = desk.chat.show(desk.standsAt(ctx), request, next.shown);
  const text = "reply" in next ? stateWords(desk.sessions.answer(request, next.reply)) : "Noted.";
  await showing;
  return text;
}

/**
 * What they were for is over. The message may be gone. Nothing waits for it: in a busy group such an edit is sent a minute
 * later, and the press must be answered, and the conversation go on, before that.
 */
function takeButtonsAway(ctx: Context): void {
  const message = ctx.callbackQuery?.message;
  if (message === undefined) return;
  const there = { chat_id: message.chat.id, message_id: message.message_id };
  void ctx.api.editMessageReplyMarkup(there).catch(() => undefined);
}

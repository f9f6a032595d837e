import type { HandedBot } from "../../../support/handed-bot.ts";
import type { Said } from "../session-bot.ts";
import type { SessionPaper } from "./session-papers.ts";

/** A topic and its session. */
export interface Room {
  readonly topic: number;
  /** The id of the session, and the name of its folder. */
  readonly id: string;
  readonly session: string;
}

/** One supergroup with five topics, a session in each. */
export class Forum {
  readonly chat: number;
  readonly rooms: readonly Room[];
  private readonly handed: HandedBot;

  constructor(handed: HandedBot, number: number) {
    const { sandbox, me } = handed;
    const { user } = sandbox;
    const bots = user.state().bots.map(({ id }) => id);
    const title = `Forum ${number}`;
    this.handed = handed;
    this.chat = user.createChat({
      type: "supergroup",
      title,
      is_forum: true,
      members: [me],
      bots,
    }).id;
    this.rooms = ["a", "b", "c", "d", "e"].map((session) => ({
      topic: user.createTopic(this.chat, session).threadId,
      id: `f${number}${session}`,
      session,
    }));
  }

  get stateDir(): string {
    return this.handed.stateDir;
  }

  get papers(): readonly SessionPaper[] {
    return this.rooms.map(({ id, session: name, topic: topicId }) => ({
      id,
      name,
      conversation: { chatId: this.chat, topicId },
    }));
  }

  /** @param room undefined: in General */
  say(text: string, room: Room | undefined): number {
    const { sandbox, me: from } = this.handed;
    const topic = room === undefined ? {} : { message_thread_id: room.topic };
    return sandbox.user.say(this.chat, { from, text, ...topic }).message_id;
  }

  /** @returns names the press */
  press({ id }: Said, data: string): string {
    const { sandbox, me } = this.handed;
    return sandbox.user.press(this.chat, me, id, data);
  }

  /** What its person is shown for a moment. */
  answerTo(press: string): string | undefined {
    const answers = this.handed.sandbox.user.calls({ method: "answerCallbackQuery" });
    const answer = answers.find(({ parameters }) => parameters["callback_query_id"] === press);
    const text: unknown = answer?.parameters["text"];
    return typeof text === "string" ? text : undefined;
  }

  /** What the bot has said and not taken away, oldest first. @param room undefined: in General */
  said(room: Room | undefined): Said[] {
    return this.handed.sandbox.user
      .messages(this.chat, room?.topic ?? 1, 500)
      .filter(({ from }) => from?.is_bot === true)
      .map((message) => ({
        id: message.message_id,
        text: message.text ?? "",
        buttons: (message.reply_markup?.inline_keyboard ?? []).flat().map((button) => ({
          text: button.text,
          data: "callback_data" in button ? button.callback_data : "",
        })),
      }));
  }

  get lastMessage(): number {
    return this.handed.sandbox.user.messages(this.chat, undefined, 1).at(-1)?.message_id ?? 0;
  }
}

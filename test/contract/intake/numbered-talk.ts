import { type Sandbox, startSandbox } from "../../../supervisor/sandbox/sandbox.ts";
import { recordingLog } from "../../support/recording-log.ts";

interface Place {
  readonly chat: number;
  readonly from: number;
  readonly topic?: number;
}

const privateChats = 30;
const topics = 20;

/** A sandbox in which numbered messages are said in 50 conversations: private chats and topics of a forum. */
export class NumberedTalk {
  readonly sandbox: Sandbox;
  readonly bot: { readonly id: number; readonly token: string };
  /** Texts said, `<conversation>/<number in it>`. */
  readonly said: string[] = [];
  private readonly places: readonly Place[];
  private readonly random: () => number;
  private readonly counts: number[];

  private constructor(sandbox: Sandbox, bot: NumberedTalk["bot"], random: () => number) {
    this.sandbox = sandbox;
    this.bot = bot;
    this.random = random;
    const { user } = sandbox;
    const dialogs = Array.from({ length: privateChats }, (_, index): Place => {
      const from = user.createUser(`User ${index}`).id;
      return {
        from,
        chat: user.createChat({ type: "private", members: [from], bots: [bot.id] }).id,
      };
    });
    const { me } = user.state();
    const order = { type: "supergroup", is_forum: true, members: [me], bots: [bot.id] } as const;
    const forum = user.createChat({ ...order, members: [me], bots: [bot.id] }).id;
    const threads = Array.from({ length: topics }, (_, index): Place => {
      const topic = user.createTopic(forum, `Topic ${index}`);
      return { from: me, chat: forum, topic: topic.threadId };
    });
    this.places = [...dialogs, ...threads];
    this.counts = this.places.map(() => 0);
  }

  static async open(random: () => number): Promise<NumberedTalk> {
    const sandbox = await startSandbox({ log: recordingLog("sandbox") });
    const [bot] = await sandbox.ensureBots(["main"]);
    if (bot === undefined) throw new Error("the sandbox made no bot");
    return new NumberedTalk(sandbox, bot, random);
  }

  get conversations(): number {
    return this.places.length;
  }

  say(count: number): void {
    for (let turn = 0; turn < count; turn += 1) {
      const index = Math.floor(this.random() * this.places.length);
      const place = this.places[index];
      if (place === undefined) continue;
      const number = (this.counts[index] ?? 0) + 1;
      this.counts[index] = number;
      const text = `${index}/${number}`;
      this.said.push(text);
      this.sandbox.user.say(place.chat, {
        from: place.from,
        text,
        ...(place.topic === undefined ? {} : { message_thread_id: place.topic }),
      });
    }
  }

  polling(): ReturnType<Sandbox["user"]["polling"]> {
    return this.sandbox.user.polling(this.bot.id);
  }

  close(): Promise<void> {
    return this.sandbox.close();
  }
}

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { sandboxKeyPath } from "../../shared/config/sandbox-address.ts";
import { eventually, type Program } from "./program.ts";

const stateSchema = z.object({
  me: z.int(),
  bots: z.array(z.object({ id: z.int(), name: z.string() })),
  chats: z.array(
    z.object({ id: z.int(), type: z.string(), bots: z.array(z.int()), members: z.array(z.int()) }),
  ),
});
const messageSchema = z.looseObject({
  message_id: z.int(),
  text: z.string().optional(),
  from: z.looseObject({ id: z.int(), is_bot: z.boolean() }).optional(),
});
const pollingSchema = z.looseObject({
  overlappingPolls: z.int(),
  getUpdatesCalls: z.int(),
  pending: z.int(),
  parked: z.union([z.boolean(), z.int()]),
  allowedUpdates: z.array(z.string()).optional(),
});

export type SandboxMessage = z.infer<typeof messageSchema>;

/** A Telegram user's side of the sandbox, over HTTP. */
export class SandboxClient {
  readonly url: string;
  readonly key: string;

  constructor({ url, key }: { readonly url: string; readonly key: string }) {
    this.url = url;
    this.key = key;
  }

  /** The sandbox that a supervisor embeds, or that runs alone, from what it printed and its owner can read. */
  static async of(program: Program): Promise<SandboxClient> {
    const match = await program.printed(
      /(?:The chat alone|Sandbox): +(http:\/\/127\.0\.0\.1:\d+)\//,
    );
    const key = readFileSync(sandboxKeyPath(join(program.cwd, "var")), "utf8").trim();
    return new SandboxClient({ url: match[1] ?? "", key });
  }

  async request(
    path: string,
    body?: unknown,
    method = body === undefined ? "GET" : "POST",
  ): Promise<unknown> {
    const response = await fetch(`${this.url}${path}`, {
      method,
      headers: { authorization: `Bearer ${this.key}`, "content-type": "application/json" },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    if (!response.ok)
      throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
    return response.json();
  }

  async state(): Promise<z.infer<typeof stateSchema>> {
    return stateSchema.parse(await this.request("/sandbox/state"));
  }

  async makeBot(name: string): Promise<{ id: number; token: string }> {
    return z
      .looseObject({ id: z.int(), token: z.string() })
      .parse(await this.request("/sandbox/bots", { name }));
  }

  /** The newcomer's private chat with a bot. */
  async privateChat(botName: string): Promise<number> {
    const state = await this.state();
    const bot = state.bots.find(({ name }) => name === botName);
    const chat = state.chats.find(
      ({ type, bots }) => type === "private" && bot !== undefined && bots.includes(bot.id),
    );
    if (chat === undefined)
      throw new Error(`no private chat with ${botName} in ${JSON.stringify(state)}`);
    return chat.id;
  }

  async say(chatId: number, text: string): Promise<number> {
    const { me } = await this.state();
    return messageSchema.parse(
      await this.request(`/sandbox/chats/${chatId}/messages`, { from: me, text }),
    ).message_id;
  }

  async messages(chatId: number): Promise<SandboxMessage[]> {
    return z
      .array(messageSchema)
      .parse(await this.request(`/sandbox/chats/${chatId}/messages?limit=500`));
  }

  /** The first message of a bot after `messageId` whose text fits. */
  answer(
    chatId: number,
    messageId: number,
    pattern: RegExp,
    withinMs = 10_000,
  ): Promise<SandboxMessage> {
    return eventually(
      async () =>
        (await this.messages(chatId)).find(
          (message) =>
            message.message_id > messageId &&
            message.from?.is_bot === true &&
            pattern.test(message.text ?? ""),
        ),
      () => `an answer like ${String(pattern)}`,
      withinMs,
    );
  }

  async polling(botId: number): Promise<z.infer<typeof pollingSchema>> {
    return pollingSchema.parse(await this.request(`/sandbox/bots/${botId}/polling`));
  }
}

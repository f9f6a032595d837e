import { afterEach, describe, expect, it } from "vitest";
import { NotSentError, routeThroughOutbox } from "../../../shared/outbound/library/outbox-api.ts";
import { callThrough } from "../../../shared/outbound/library/telegram-call.ts";
import { storedFile } from "../../../shared/outbound/queue/stored-file.ts";
import { Api, Bot, TelegramApiError } from "../../../shared/telegram/bot-api.ts";
import { flood, network, refusal } from "../stage/fake-telegram.ts";
import { openStage, removeFolders, type Stage, type StageOptions } from "../stage/stage.ts";

afterEach(removeFolders);

const token = "42:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
const message = {
  message_id: 3,
  date: 0,
  chat: { id: 1, type: "private" },
  from: { id: 1, is_bot: false, first_name: "U" },
  text: "/hi",
};

async function bot(options: StageOptions = {}): Promise<{ stage: Stage; bot: Bot }> {
  const stage = await openStage(options);
  const made = new Bot(token);
  made.catch((error) => {
    throw error;
  });
  routeThroughOutbox(made, stage.outbox, 42);
  return { stage, bot: made };
}

const refuse: typeof fetch = async () =>
  Response.json({ ok: false, error_code: 400, description: "Bad Request: chat not found" });

/** Lets time pass while something is awaited. */
async function while1s<T>(stage: Stage, work: Promise<T>): Promise<T> {
  work.catch(() => undefined);
  await stage.clock.advance(60_000);
  return work;
}

describe("a bot's own code", () => {
  it("answers through the outbox with ctx.reply, durably, and gets the message", async () => {
    const { stage, bot: made } = await bot();
    const ids: number[] = [];
    made.command("hi", async (ctx) => {
      ids.push((await ctx.reply("hello")).message_id);
    });
    await while1s(stage, made.handleUpdate({ update_id: 1, message }));
    expect(ids).toEqual([101]);
    expect(stage.storage.lines.map(({ t }) => t)).toContain("accepted");
    await stage.end();
  });

  it.each([
    ["a reply to a flood", [flood(3)], 2],
    ["a reply through a broken network", [network("ENOTFOUND")], 2],
  ])("does not notice %s", async (_, troubles, calls) => {
    const { stage, bot: made } = await bot();
    stage.telegram.next(...troubles);
    await while1s(stage, made.api.sendMessage({ chat_id: 1, text: "x" }));
    expect(stage.telegram.calls).toHaveLength(calls);
    await stage.end();
  });

  it("gets Telegram's refusal as the library's error", async () => {
    const { stage, bot: made } = await bot();
    stage.telegram.next(refusal("Bad Request: chat not found"));
    const sent = while1s(stage, made.api.sendMessage({ chat_id: 1, text: "x" }));
    await expect(sent).rejects.toThrow(TelegramApiError);
    await stage.end();
  });

  it("sees an edit that changes nothing as done", async () => {
    const { stage, bot: made } = await bot();
    stage.telegram.next(refusal("Bad Request: message is not modified: x"));
    const params = { chat_id: 1, message_id: 5, text: "same" };
    expect(await while1s(stage, made.api.editMessageText(params))).toBe(true);
    await stage.end();
  });

  it("edits of one message become the newest; text and keyboard stay two", async () => {
    const { stage, bot: made } = await bot();
    const at = { chat_id: 1, message_id: 5 };
    await while1s(
      stage,
      Promise.all([
        made.api.editMessageText({ ...at, text: "a" }),
        made.api.editMessageText({ ...at, text: "b" }),
        made.api.editMessageReplyMarkup(at),
        made.api.editMessageText({ ...at, text: "c" }),
      ]),
    );
    expect(stage.telegram.texts()).toEqual(["b", "editMessageReplyMarkup", "c"]);
    await stage.end();
  });

  it("calls other methods, deletes, and edits inline messages", async () => {
    const { stage, bot: made } = await bot();
    await while1s(
      stage,
      Promise.all([
        made.api.getChat({ chat_id: 1 }),
        made.api.getMe(),
        made.api.deleteMessage({ chat_id: 1, message_id: 2 }),
        made.api.editMessageText({ inline_message_id: "i", text: "x" }),
        made.api.sendChatAction({ chat_id: 1, action: "typing" }),
      ]),
    );
    expect(stage.telegram.calls.map(({ method }) => method).toSorted()).toEqual([
      "deleteMessage",
      "editMessageText",
      "getChat",
      "getMe",
      "sendChatAction",
    ]);
    await stage.end();
  });

  it("is told when something was taken back or left for the next start", async () => {
    const { stage, bot: made } = await bot();
    stage.telegram.latencyMs = 1_000_000;
    const first = made.api.sendMessage({ chat_id: 1, text: "a" });
    const cancel = new AbortController();
    const second = made.api.sendMessage({ chat_id: 1, text: "b" }, cancel.signal);
    await stage.clock.advance(1);
    cancel.abort();
    await expect(second).rejects.toThrow(NotSentError);
    await Promise.all([expect(first).rejects.toThrow("written down"), stage.end()]);
  });

  it("handling an update again sends nothing twice, and what is new is sent", async () => {
    const { stage, bot: made } = await bot();
    let attempt = 0;
    made.command("hi", async (ctx) => {
      attempt += 1;
      await ctx.reply("working");
      await ctx.reply("working");
      await ctx.reply(`attempt ${attempt}`);
    });
    const handle = () => made.handleUpdate({ update_id: 1, message });
    await while1s(stage, handle());
    await while1s(stage, handle());
    expect(stage.telegram.texts()).toEqual(["working", "working", "attempt 1", "attempt 2"]);
    await stage.end();
    const next = await bot({ ...stage, storage: stage.storage });
    next.bot.command("hi", async (ctx) => {
      expect((await ctx.reply("working")).message_id).toBe(101);
    });
    await while1s(next.stage, next.bot.handleUpdate({ update_id: 1, message }));
    expect(stage.telegram.calls).toHaveLength(4);
    await next.stage.end();
  });
});

describe("the way out", () => {
  it("is the library's own request, and stored files are uploads", async () => {
    const bodies: string[] = [];
    const fetchFake: typeof fetch = async (input, init) => {
      const body = await new Response(init?.body, { headers: init?.headers ?? {} }).text();
      bodies.push(`${new Request(input).url.replace(token, "T")} ${body}`);
      return Response.json({ ok: true, result: { message_id: 9 } });
    };
    const send = callThrough(new Api(token, { fetch: fetchFake, maxRetries: 0 }));
    const { signal } = new AbortController();
    const document = storedFile("answer.md", Buffer.from("# long"), "text/markdown");
    expect(await send("sendDocument", { chat_id: 1, document }, signal)).toEqual({ message_id: 9 });
    await send("sendMessage", { chat_id: 1, text: "x", entities: [{ type: "bold" }] }, signal);
    expect(bodies[0]).toContain("/botT/sendDocument");
    expect(bodies[0]).toContain('filename="answer.md"');
    expect(bodies[0]).toContain("# long");
    expect(bodies[1]).toContain("entities=%5B%7B%22type%22%3A%22bold%22%7D%5D");
  });

  it("throws what the library throws", async () => {
    const send = callThrough(new Api(token, { fetch: refuse, maxRetries: 0 }));
    const sent = send("sendMessage", { chat_id: 1 }, new AbortController().signal);
    await expect(sent).rejects.toThrow(TelegramApiError);
  });
});

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { systemClock } from "../../../shared/clock.ts";
import { routeThroughOutbox } from "../../../shared/outbound/library/outbox-api.ts";
import { callThrough } from "../../../shared/outbound/library/telegram-call.ts";
import { openOutbox } from "../../../shared/outbound/outbox/open-outbox.ts";
import type { Outbox } from "../../../shared/outbound/outbox/outbox.ts";
import type { Place } from "../../../shared/outbound/queue/item.ts";
import { Bot } from "../../../shared/telegram/bot-api.ts";
import { createKeepAliveFetch } from "../../../shared/telegram/keep-alive-fetch.ts";
import { type Sandbox, startSandbox } from "../../../supervisor/sandbox/sandbox.ts";
import { recordingLog } from "../../support/recording-log.ts";
import { SandboxClient } from "../../support/sandbox-client.ts";

interface World {
  readonly sandbox: Sandbox;
  readonly outbox: Outbox;
  readonly bot: Bot;
  readonly me: number;
  readonly forum: number;
  readonly gone: Place[];
}

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0)) await cleanup();
});

async function open(): Promise<World> {
  const stateDir = mkdtempSync(join(tmpdir(), "outbox-sandbox-"));
  const log = recordingLog();
  const sandbox = await startSandbox({ log });
  const [access] = await sandbox.ensureBots(["main"]);
  if (access === undefined) throw new Error("the sandbox made no bot");
  const { fetch, close } = createKeepAliveFetch();
  const bot = new Bot(access.token, { apiRoot: sandbox.url, fetch, maxRetries: 0 });
  const gone: Place[] = [];
  const outbox = await openOutbox({
    stateDir,
    bot: "main",
    botId: access.id,
    send: callThrough(bot.api),
    hooks: { onTopicGone: (place) => void gone.push(place) },
    clock: systemClock,
    random: Math.random,
    log,
  });
  routeThroughOutbox(bot, outbox, access.id);
  cleanups.push(
    () => outbox.close(1_000),
    () => {
      close();
    },
    () => sandbox.close(),
    () => {
      rmSync(stateDir, { recursive: true, force: true });
    },
  );
  const { chats, me } = sandbox.user.state();
  const forum = chats.find((chat) => chat.is_forum === true)?.id ?? 0;
  return { sandbox, outbox, bot, me, forum, gone };
}

describe("a bot of the library over the outbox against the sandbox", () => {
  it("answers a person who is in a hurry within the limits, in order", async () => {
    const { sandbox, bot, me } = await open();
    await new SandboxClient(sandbox).request("/sandbox/rate-limits", { enabled: true });
    const said = ["one", "two", "three", "four", "five", "six"];
    const sent = await Promise.all(said.map((text) => bot.api.sendMessage({ chat_id: me, text })));
    expect(sent.map(({ text }) => text)).toEqual(said);
    const ids = sent.map(({ message_id }) => message_id);
    expect(ids).toEqual(ids.toSorted((a, b) => a - b));
    const statuses = sandbox.user.calls({}).map(({ status }) => status);
    expect(statuses).not.toContain(429);
  });

  it("waits out a flood, a broken connection and a gateway without its code noticing", async () => {
    const { sandbox, bot, me } = await open();
    const fault = (order: object) =>
      new SandboxClient(sandbox).request("/sandbox/faults", { method: "sendMessage", ...order });
    await fault({ kind: "retry_after", retry_after: 1 });
    await fault({ kind: "reset_after" });
    const message = await bot.api.sendMessage({ chat_id: me, text: "hello" });
    expect(message.text).toBe("hello\n\n(sent again: the connection broke)");
    await fault({ kind: "html", status: 502 });
    await bot.api.sendMessage({ chat_id: me, text: "again" });
  });

  it("answers into the chat, flagged, when the topic is gone", async () => {
    const { sandbox, bot, forum, gone } = await open();
    const topic = sandbox.user.createTopic(forum, "work");
    sandbox.user.changeTopic(forum, topic.threadId, { closed: true });
    const message = await bot.api.sendMessage({
      chat_id: forum,
      message_thread_id: topic.threadId,
      text: "done",
    });
    expect(message.text).toBe("done\n\n(the topic of this answer is closed or gone)");
    expect(gone).toEqual([{ chatId: forum, topicId: topic.threadId }]);
  });
});

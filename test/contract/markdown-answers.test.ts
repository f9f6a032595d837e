import { afterAll, beforeAll, expect, it } from "vitest";
import { z } from "zod";
import { FleetHome } from "../support/fleet-home.ts";
import { SandboxClient } from "../support/sandbox-client.ts";

const home = new FleetHome();
let sandbox: SandboxClient;
let chat: number;

beforeAll(async () => {
  const supervisor = home.supervisor();
  await home.allReady(supervisor);
  sandbox = await SandboxClient.of(supervisor);
  chat = await sandbox.privateChat("main");
});

afterAll(() => home.remove());

const callsSchema = z.array(z.looseObject({ method: z.string() }));

async function methodsOf(text: string): Promise<string[]> {
  const before = callsSchema.parse(await sandbox.request("/sandbox/calls?limit=1000")).length;
  await sandbox.say(chat, text);
  for (;;) {
    const calls = callsSchema
      .parse(await sandbox.request("/sandbox/calls?limit=1000"))
      .slice(before);
    const sent = calls.map(({ method }) => method).filter((method) => method.startsWith("send"));
    if (sent.length > 0) return sent;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

const table = "a table:\n\n| a | b |\n|---|---|\n| 1 | 2 |";

it("an answer with a table is rich, until the chat turns that off", async () => {
  expect(await methodsOf(table)).toContain("sendRichMessage");
  await sandbox.answer(
    chat,
    await sandbox.say(chat, "/rich off"),
    /Rich messages in this chat: off/,
  );
  expect(await methodsOf(table)).toEqual(["sendMessage"]);
  await sandbox.answer(chat, await sandbox.say(chat, "/rich on"), /Rich messages in this chat: on/);
  expect(await methodsOf(table)).toContain("sendRichMessage");
});

it("emphasis arrives as entities", async () => {
  const answer = await sandbox.answer(chat, await sandbox.say(chat, "**bold** word"), /bold word/);
  expect(answer["entities"]).toMatchObject([{ type: "bold", length: 4 }]);
});

import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { z } from "zod";
import { FleetHome } from "../../support/fleet-home.ts";
import { eventually, type Program } from "../../support/program.ts";
import { SandboxClient } from "../../support/sandbox-client.ts";

const home = new FleetHome({ fleetYaml: "bots:\n  main:\n" });
const hasId = z.looseObject({ id: z.int() });
const answers = z.array(z.looseObject({ parameters: z.unknown() }));
let supervisor: Program;
let sandbox: SandboxClient;
let bot: { id: number; token: string };

/** A group of one stranger and the bot. */
async function groupOf(firstName: string): Promise<{ id: number; stranger: number }> {
  const stranger = hasId.parse(
    await sandbox.request("/sandbox/users", { first_name: firstName }),
  ).id;
  const order = { type: "group", title: firstName, members: [stranger], bots: [bot.id] };
  return { id: hasId.parse(await sandbox.request("/sandbox/chats", order)).id, stranger };
}

async function start(): Promise<void> {
  supervisor = home.supervisor();
  await home.allReady(supervisor);
  sandbox = await SandboxClient.of(supervisor);
  bot = await sandbox.makeBot("main");
}

const say = async (chat: number, from: number, text: string): Promise<number> =>
  z
    .looseObject({ message_id: z.int() })
    .parse(await sandbox.request(`/sandbox/chats/${chat}/messages`, { from, text })).message_id;

/** A button in the chat, pressed; resolves with what all presses were answered, when there is an answer or a delay. */
async function press(chat: number, from: number): Promise<number> {
  const sent = await fetch(`${sandbox.url}/bot${bot.token}/sendMessage`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({
      chat_id: chat,
      text: "choose",
      reply_markup: { inline_keyboard: [[{ text: "Yes", callback_data: "yes" }]] },
    }),
  });
  const { result } = z
    .object({ result: z.looseObject({ message_id: z.int() }) })
    .parse(await sent.json());
  const order = { from, message_id: result.message_id, data: "yes" };
  await sandbox.request(`/sandbox/chats/${chat}/press`, order);
  return result.message_id;
}

async function refusedPresses(): Promise<number> {
  const calls = await sandbox.request("/sandbox/calls?method=answerCallbackQuery&limit=100");
  return answers.parse(calls).filter((call) => JSON.stringify(call).includes("allowlist")).length;
}

beforeAll(start);
afterAll(() => home.remove());

it("lets everybody in who writes or presses in a listed group, wherever that goes, and nobody in another one", {
  timeout: 120_000,
}, async () => {
  const listed = await groupOf("Lisa");
  const other = await groupOf("Otto");
  supervisor.kill("SIGTERM");
  await supervisor.end();
  writeFileSync(
    join(home.dir, "fleet.yaml"),
    `bots:\n  main:\nallowed_chats: [${listed.id}]\nsandbox:\n  port: 0\n`,
  );
  await start();
  await sandbox.answer(listed.id, await say(listed.id, listed.stranger, "/status"), /^Bot main/);
  await press(listed.id, listed.stranger);
  await press(other.id, other.stranger);
  await eventually(
    async () => ((await refusedPresses()) > 0 ? true : undefined),
    () => supervisor.output,
  );
  // Lisa's press came first; it was not refused.
  expect(await refusedPresses()).toBe(1);
  await say(other.id, other.stranger, "/status");
  // The same Lisa is a stranger elsewhere.
  const dialog = { type: "private", members: [listed.stranger], bots: [bot.id] };
  const alone = hasId.parse(await sandbox.request("/sandbox/chats", dialog)).id;
  await sandbox.answer(alone, await say(alone, listed.stranger, "/status"), /not on this bot/);
  const told = (await sandbox.messages(other.id)).filter(({ text }) => text?.startsWith("Bot"));
  expect(told).toEqual([]);

  // The group becomes a supergroup: the same chat under another id, also after a restart.
  const large = hasId.parse(await sandbox.request(`/sandbox/chats/${listed.id}/migrate`, {})).id;
  await sandbox.answer(large, await say(large, listed.stranger, "/status"), /^Bot main/, 30_000);
  supervisor.kill("SIGTERM");
  await supervisor.end();
  await start();
  await sandbox.answer(large, await say(large, listed.stranger, "/status"), /^Bot main/, 30_000);
});

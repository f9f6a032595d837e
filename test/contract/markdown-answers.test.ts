import { afterAll, beforeAll, expect, it } from "vitest";
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
  await sandbox.answer(chat, await sandbox.say(chat, "/new work"), /created/);
});

afterAll(() => home.remove());

it("the Markdown of an agent's answer arrives as entities", async () => {
  const answer = await sandbox.answer(chat, await sandbox.say(chat, "hello"), /demo agent/);
  const types = (answer["entities"] as readonly { type: string }[]).map(({ type }) => type);
  expect(types).toContain("bold");
  expect(types).toContain("code");
});

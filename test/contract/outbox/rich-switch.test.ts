import { afterAll, beforeAll, expect, it } from "vitest";
import { eventually } from "../../support/program.ts";
import { Dialog } from "../intake/dialog.ts";

let dialog: Dialog;
let owner: number;
let member: number;
let operator: number;
let group: number;

beforeAll(async () => {
  // The fixture is open to everybody; the allowlist is in the settings all the same.
  const allowedUsers: number[] = [];
  dialog = await Dialog.open({
    fixture: "talking-bot.mjs",
    allowedUsers,
    answers: { maxParts: 2, numbering: true },
  });
  const { user } = dialog.sandbox;
  owner = user.createUser("Owner").id;
  member = user.createUser("Member").id;
  operator = user.createUser("Operator").id;
  allowedUsers.push(operator);
  const members = [owner, member, operator];
  group = user.createChat({ type: "group", title: "Team", members, bots: [dialog.botId] }).id;
  dialog.bots.start();
});

afterAll(() => dialog.close());

/**
 * The methods and texts with which the bot answers, once something of it has come. What a kill left in doubt comes again,
 * marked, and answers nothing of now.
 */
async function answerTo(text: string, from: number, chat = group): Promise<string> {
  const before = dialog.sandbox.user.calls({ limit: 1 }).at(-1)?.seq ?? 0;
  dialog.say(text, { from, chat });
  return eventually(
    () => {
      const sent = dialog.sandbox.user
        .calls({ since: before })
        .filter(({ method, status }) => /^send(?!ChatAction)/.test(method) && status === 200)
        .filter(({ parameters }) => !JSON.stringify(parameters).includes("again after a restart"));
      return sent.length === 0
        ? undefined
        : sent.map(({ method, parameters }) => `${method} ${String(parameters["text"])}`).join();
    },
    () => dialog.bots.output,
  );
}

it("/rich is for a group's owner and the allowlist's users, not for any member", async () => {
  expect(await answerTo("/rich off", member)).toMatch(/only its administrators/);
  expect(await answerTo("table", member)).toMatch(/^sendRichMessage/);
  expect(await answerTo("/rich off", owner)).toMatch(/: off/);
  expect(await answerTo("table", member)).toMatch(/^sendMessage/);
  expect(await answerTo("/rich on", operator)).toMatch(/: on/);
  expect(await answerTo("table", member)).toMatch(/^sendRichMessage/);
});

it("/rich is everybody's own matter in private", async () => {
  const stranger = dialog.stranger("Somebody");
  expect(await answerTo("/rich off", stranger.from, stranger.chat)).toMatch(/: off/);
  expect(await answerTo("table", stranger.from, stranger.chat)).toMatch(/^sendMessage/);
});

it("what a group has chosen holds in the supergroup that it becomes, also after a restart", async () => {
  expect(await answerTo("/rich off", owner)).toMatch(/: off/);
  const { id } = dialog.sandbox.user.migrate(group);
  expect(await answerTo("table", member, id)).toMatch(/^sendMessage/);
  await dialog.bots.restart();
  expect(await answerTo("table", member, id)).toMatch(/^sendMessage/);
  expect(await answerTo("/rich on", owner, id)).toMatch(/: on/);
  expect(await answerTo("table", member, id)).toMatch(/^sendRichMessage/);
});

it("the settings of fleet.yaml say how many messages an answer may have, and whether they are numbered", async () => {
  const stranger = dialog.stranger("Somebody else");
  await answerTo("/rich off", stranger.from, stranger.chat);
  await answerTo("letters 5000", stranger.from, stranger.chat);
  const texts = await eventually(
    () => {
      const said = dialog.sandbox.user
        .messages(stranger.chat, undefined, 500)
        .flatMap(({ text = "" }) => (/\(\d\/2\)$/.test(text) ? [text.slice(-5)] : []));
      return said.length === 2 ? said : undefined;
    },
    () => dialog.bots.output,
  );
  expect(texts).toEqual(["(1/2)", "(2/2)"]);
  expect(await answerTo("letters 20000", stranger.from, stranger.chat)).toMatch(/^sendDocument/);
});

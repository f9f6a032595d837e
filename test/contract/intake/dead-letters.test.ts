import { afterEach, beforeEach, expect, it } from "vitest";
import { intakeReportSchema } from "../../../shared/contract/intake-report.ts";
import { type FixtureProcess, killFixtures, startFixture } from "../../support/fixture-process.ts";
import { Dialog, textsOf } from "./dialog.ts";

let dialog: Dialog;

beforeEach(async () => {
  dialog = await Dialog.open();
});

afterEach(async () => {
  await killFixtures();
  await dialog.close();
});

/** With the channel of a supervisor: reports come over it. */
const startSupervised = (): FixtureProcess =>
  startFixture("recording-bot.mjs", [], { env: dialog.bots.environment() });

async function deadLetters(
  bot: FixtureProcess,
): Promise<{ attempts: number; error: string; conversation: string }[]> {
  for (;;) {
    const { report } = await bot.next("intake");
    const { deadLetters: letters } = intakeReportSchema.parse(report);
    if (letters.length > 0) return letters;
  }
}

const attemptsOf = (text: string): number[] =>
  dialog.bots
    .handlings("begin")
    .filter((begin) => begin.text === text)
    .map(({ attempt }) => attempt);

it("a handler that always fails: five attempts, then a dead letter in the report, and its lane goes on", async () => {
  const other = dialog.stranger("Other");
  const bot = startSupervised();
  dialog.say("fail always");
  dialog.say("behind it");
  dialog.say("elsewhere", other);
  const [letter] = await deadLetters(bot);
  expect(letter).toMatchObject({
    attempts: 5,
    error: 'told to fail by "fail always"',
    conversation: String(dialog.me),
  });
  expect(attemptsOf("fail always")).toEqual([1, 2, 3, 4, 5]);
  // Another conversation had not waited.
  expect(textsOf(await dialog.handled(2))).toEqual(["elsewhere", "behind it"]);
}, 40_000);

it.each(["exit at once", "die by a signal"])(
  "a handler that ends the process (%s): a dead letter after five lives, and the rest is handled",
  async (text) => {
    const other = dialog.stranger("Other");
    dialog.say(text);
    dialog.say("behind it");
    dialog.say("elsewhere", other);
    for (let life = 1; life <= 5; life += 1) {
      const bot = startSupervised();
      await bot.exited;
      expect(attemptsOf(text)).toHaveLength(life);
    }
    const bot = startSupervised();
    const [letter] = await deadLetters(bot);
    expect(letter).toMatchObject({
      attempts: 5,
      error: "the process ended each time while it was being handled",
    });
    expect(attemptsOf(text)).toEqual([1, 2, 3, 4, 5]);
    expect(new Set(textsOf(await dialog.handled(2)))).toEqual(new Set(["elsewhere", "behind it"]));
  },
  40_000,
);

it.each([
  ["the chat asks for seven minutes of silence", { kind: "retry_after", retry_after: 420 }],
  [
    "the person has blocked the bot",
    { kind: "status", status: 403, description: "Forbidden: bot was blocked by the user" },
  ],
] as const)(
  "a command of the runtime is handled once, although %s",
  async (_, fault) => {
    const { user } = dialog.sandbox;
    user.faults.add({ ...fault, method: "sendMessage", times: 0 });
    startSupervised();
    dialog.say("/status");
    dialog.say("behind it");
    // The second one waits in the lane until the first one is at its end.
    expect(textsOf(await dialog.handled(2))).toEqual(["/status", "behind it"]);
    expect(attemptsOf("/status")).toEqual([1]);
  },
  40_000,
);

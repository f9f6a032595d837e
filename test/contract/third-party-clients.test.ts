import { existsSync } from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { type Sandbox, startSandbox } from "../../supervisor/sandbox/sandbox.ts";
import { killFixtures, startFixture } from "../support/fixture-process.ts";
import { eventually, repositoryRoot } from "../support/program.ts";
import { recordingLog } from "../support/recording-log.ts";

const installed = existsSync(join(repositoryRoot, "bench", "node_modules", "grammy"));
const reason = installed ? "" : " (skipped: not installed; npm ci --prefix bench)";

/** The clients as their authors ship them, in bots of a few lines: bench/contestants. */
describe(`clients of others on the sandbox${reason}`, () => {
  let sandbox: Sandbox;
  beforeAll(async () => {
    sandbox = await startSandbox({ log: recordingLog("sandbox") });
  });
  afterAll(() => sandbox.close());
  afterEach(killFixtures);

  it.skipIf(!installed).each(["grammy", "grammy-runner", "telegraf", "node-telegram-bot-api"])(
    "%s answers a message, with every call it makes understood",
    async (client) => {
      const [bot] = await sandbox.ensureBots([client]);
      if (bot === undefined) throw new Error("the sandbox made no bot");
      const { user } = sandbox;
      const person = user.createUser("Ann").id;
      const { id: chat } = user.createChat({ type: "private", members: [person], bots: [bot.id] });
      const task = { token: bot.token, apiRoot: sandbox.url, paced: 0, burst: 1_000, sends: true };
      startFixture(`../../bench/contestants/${client}.mjs`, [JSON.stringify(task)]);
      user.say(chat, { from: person, text: "1" });
      const answers = (): string[] =>
        user
          .messages(chat)
          .filter(({ from }) => from?.id === bot.id)
          .map(({ text = "" }) => text);
      await eventually(
        () => answers().length === 1,
        () => JSON.stringify(user.calls({ bot: bot.id })),
      );
      user.say(chat, { from: person, text: "2" });
      await eventually(
        () => answers().length === 2,
        () => JSON.stringify(user.calls({ bot: bot.id })),
      );
      expect(answers()).toEqual(["answer", "answer"]);
      const calls = user.calls({ bot: bot.id });
      expect(calls.filter(({ status }) => status !== 200)).toEqual([]);
      expect(calls.filter(({ unknownParameters }) => unknownParameters !== undefined)).toEqual([]);
    },
  );
});

import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { PollLimits } from "../../shared/intake/polling/poll-limits.ts";
import { Api } from "../../shared/telegram/bot-api.ts";
import {
  type Sandbox,
  type SandboxBotAccess,
  startSandbox,
} from "../../supervisor/sandbox/sandbox.ts";
import { ObservedPoller } from "../support/observed-poller.ts";
import { recordingLog } from "../support/recording-log.ts";
import { matrix, shortened } from "./poll-fault-rows.ts";

/** A timer is late on a busy machine, never early. */
const latenessSeconds = 3;

const table: string[] = [];
const logs: string[] = [];
const tokens: string[] = [];

/** Polls beside the poller until it has noticed: whose call is parked at a given moment is a matter of luck. */
async function disturb(api: Api, poller: ObservedPoller): Promise<void> {
  while (!poller.calls.some(({ failed }) => failed)) {
    await api.getUpdates({ timeout: 1 }).catch(() => undefined);
  }
}

/** Stops the poller, keeps its row for the table and its log for the search for tokens. */
async function finish(
  fault: string,
  poller: ObservedPoller,
  line: string | undefined,
): Promise<void> {
  await poller.stop();
  logs.push(...poller.log.lines);
  const waits = poller.waits.map((seconds) => seconds.toFixed(2)).join(" ");
  const states = poller.states.slice(1, -1).join(" > ") || "polling";
  table.push([fault, waits, states, line?.replace(/^\S+ /, "") ?? ""].join("|"));
}

describe.concurrent("faults of getUpdates", () => {
  let sandbox: Sandbox;
  beforeAll(async () => {
    sandbox = await startSandbox({ log: recordingLog() });
  });
  afterAll(() => sandbox.close());

  async function start(
    name: string,
    options: { limits?: Partial<PollLimits>; ownsToken?: () => boolean } = {},
  ): Promise<{ bot: SandboxBotAccess; poller: ObservedPoller; api: Api; say: () => void }> {
    const [bot] = await sandbox.ensureBots([name]);
    if (bot === undefined) throw new Error("the sandbox made no bot");
    tokens.push(bot.token);
    const access = { botId: bot.id, token: bot.token, apiRoot: sandbox.url };
    const poller = new ObservedPoller({ ...access, ...options });
    await poller.polling();
    const { chats, me } = sandbox.user.state();
    const chat = chats.find(({ type, bots }) => type === "private" && bots.includes(bot.id));
    return {
      bot,
      poller,
      api: new Api(bot.token, { apiRoot: sandbox.url, maxRetries: 0 }),
      say: () => void sandbox.user.say(chat?.id ?? 0, { from: me, text: "hello" }),
    };
  }

  it.each(matrix)(
    "$fault",
    { timeout: 40_000 },
    async ({ fault, orders, waits, states, level, line }) => {
      const refused = { baseMs: 500, capMs: 1_000 };
      const { bot, poller, say } = await start(fault, { limits: { ...shortened, refused } });
      const before = poller.states.length;
      for (const order of orders)
        sandbox.user.faults.add({ ...order, times: order.times ?? 1, bot: bot.id });
      // The parked call ends well; the next ones meet the fault.
      say();
      await poller.until(() => poller.waits.length >= waits.length, "all failures met");
      say();
      await poller.until(() => poller.handled.length === 2, "the message after the fault handled");
      await poller.polling();
      expect(poller.states.slice(before)).toEqual(states);
      const first = poller.log.of(level)[0];
      expect(first).toMatch(line);
      await finish(fault, poller, first);
      expect(poller.waits).toHaveLength(waits.length);
      for (const [index, [least, most]] of waits.entries()) {
        expect(poller.waits[index], `wait ${index + 1}`).toBeGreaterThanOrEqual(least - 0.01);
        expect(poller.waits[index], `wait ${index + 1}`).toBeLessThan(most + latenessSeconds);
      }
      expect(poller.handled.length, "each message once").toBe(new Set(poller.handled).size);
      // What was handled is confirmed by the call after it.
      await poller.until(() => sandbox.user.polling(bot.id).pending === 0, "all of it confirmed");
      expect(sandbox.user.polling(bot.id)).toMatchObject({ overlappingPolls: 0, pending: 0 });
    },
  );

  it("409 once: a warning in the known words, the real 5 s and some, nothing shown", {
    timeout: 40_000,
  }, async () => {
    const { poller, api } = await start("conflict once");
    await disturb(api, poller);
    await poller.until(() => poller.waits.length === 1, "polling after the conflict");
    await poller.polling();
    const line = poller.log.of("warn")[0];
    expect(line).toContain(
      "Telegram polling conflict detected - another instance may be running kind=conflict_poller",
    );
    expect(poller.log.of("warn")).toHaveLength(1);
    expect(poller.states).toEqual(["polling"]);
    await finish("409 once", poller, line);
    expect(poller.waits[0]).toBeGreaterThanOrEqual(4.99);
    expect(poller.waits[0]).toBeLessThan(6 + latenessSeconds);
  });

  it("foreign setWebhook: misconfigured, not deleted, back when it is gone", {
    timeout: 40_000,
  }, async () => {
    const { bot, poller, api } = await start("foreign webhook", { limits: shortened });
    const url = "https://hooks.example.org/secret-path";
    await api.setWebhook({ url });
    await poller.until(() => poller.states.at(-1) === "misconfigured", "misconfigured");
    const callsThen = poller.calls.length;
    const looks = sandbox.user.calls({ bot: bot.id, method: "getWebhookInfo" }).length;
    await poller.until(
      () => sandbox.user.calls({ bot: bot.id, method: "getWebhookInfo" }).length >= looks + 2,
      "looked at again and again",
    );
    expect(sandbox.user.polling(bot.id).webhookUrl).toBe(url);
    expect(poller.calls.length, "no getUpdates meanwhile").toBe(callsThen);
    await api.deleteWebhook();
    await poller.polling();
    expect(poller.states).toEqual(["polling", "misconfigured", "polling"]);
    const line = poller.log.lines.find((one) => one.includes("polling state: misconfigured"));
    expect(line).toMatch(/ WARN .*host hooks\.example\.org/);
    expect(poller.log.lines.join()).not.toContain("secret-path");
    await finish("foreign setWebhook", poller, line);
  });

  it("two pollers: the owner stays, shows conflict once, and is itself again afterwards", {
    timeout: 55_000,
  }, async () => {
    const { poller, api } = await start("duel", {
      limits: { conflict: { baseMs: 200, capMs: 800 }, conflictClearMs: 7_000 },
    });
    const duel = new AbortController();
    const foreign = (async () => {
      // A client that retries for ever, as most do.
      while (!duel.signal.aborted) await api.getUpdates({ timeout: 2 }).catch(() => undefined);
    })();
    await poller.until(() => poller.states.at(-1) === "conflict", "conflict shown");
    duel.abort();
    await foreign;
    await poller.until(() => poller.states.at(-1) === "polling", "polling again");
    expect(poller.states).toEqual(["polling", "conflict", "polling"]);
    const line = poller.log.lines.find((one) => one.includes("polling state: conflict"));
    expect(poller.log.of("warn"), "one for the conflict, one for the state").toHaveLength(2);
    await finish("two pollers", poller, line);
  });

  it("two pollers: the one that has lost the right stops for good", {
    timeout: 40_000,
  }, async () => {
    const { poller, api } = await start("loser", { ownsToken: () => false });
    await disturb(api, poller);
    expect(await poller.ended).toBe("not_owner");
    const calls = poller.calls.length;
    const line = poller.log.of("warn").at(-1);
    expect(line).toContain("the token has another owner now");
    await finish("two pollers, not the owner", poller, line);
    expect(poller.calls).toHaveLength(calls);
  });
});

describe("all these faults together", () => {
  it("make this table, and no line of their logs has a token", () => {
    process.stdout.write(`\n${formatTable(table)}\n\n`);
    expect(tokens.length).toBeGreaterThan(0);
    for (const token of tokens) expect(logs.join("\n")).not.toContain(token.split(":")[1]);
  });
});

function formatTable(rows: readonly string[]): string {
  const cells = ["fault|seconds to the next getUpdates|state|log line", ...rows].map((row) =>
    row.split("|"),
  );
  const widths = [0, 1, 2].map((at) => Math.max(...cells.map((row) => (row[at] ?? "").length)));
  return cells
    .map((row) =>
      row
        .map((cell, at) => cell.padEnd(widths[at] ?? 0))
        .join(" | ")
        .trimEnd(),
    )
    .join("\n");
}

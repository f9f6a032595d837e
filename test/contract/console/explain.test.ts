import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import {
  type Explanation,
  explanationSchema,
  type Handling,
} from "../../../supervisor/control/contract/explanation.ts";
import { FleetHome, patientFleet } from "../../support/fleet-home.ts";
import { press } from "../../support/pressing.ts";
import { eventually, type Program } from "../../support/program.ts";
import { SandboxClient } from "../../support/sandbox-client.ts";
import { said as saidIn } from "../trading/ways.ts";

const hasId = z.looseObject({ id: z.int() });

const home = new FleetHome({ fleetYaml: patientFleet });
let supervisor: Program;
let sandbox: SandboxClient;
let me: number;

beforeAll(async () => {
  supervisor = home.supervisor();
  await home.allReady(supervisor, 30_000);
  sandbox = await SandboxClient.of(supervisor);
  ({ me } = await sandbox.state());
});
afterAll(() => home.remove());

async function explain(what: string, ...more: string[]): Promise<string> {
  const program = home.start("supervisor/main", ["explain", what, ...more]);
  await program.end();
  return program.output;
}

/** As soon as it says what is waited for. */
function explained(
  what: string,
  isComplete: (found: Explanation) => boolean,
): Promise<Explanation> {
  let last = "";
  return eventually(
    async () => {
      last = await explain(what, "--json");
      const found = explanationSchema.parse(JSON.parse(last));
      return isComplete(found) ? found : undefined;
    },
    () => `an explanation of ${what} that is complete; ${last}`,
    30_000,
  );
}

const handlingBy = ({ updates }: Explanation, bot: string): Handling | undefined =>
  updates.flatMap(({ bots }) => bots).find((each) => each.bot === bot);
const outcomeOf = (found: Explanation) => handlingBy(found, "main")?.turns.at(-1)?.outcome;
const isAnswered = (bot: string) => (found: Explanation) =>
  handlingBy(found, bot)?.answers.some(({ state }) => state === "sent") === true;

describe("the way of an update", () => {
  it("of a plain command: received, handled, answered; the same from the answer", async () => {
    const chat = await sandbox.privateChat("main");
    const said = await sandbox.say(chat, "/session secret-word");
    const answer = await sandbox.answer(chat, said, /secret-word/);
    const found = await explained(`${me}/${said}`, isAnswered("main"));
    expect(found.updates).toHaveLength(1);
    expect(handlingBy(found, "main")).toMatchObject({
      state: "done",
      attempts: 1,
      turns: [],
      answers: [{ state: "sent", messageIds: [answer.message_id], conversation: String(me) }],
    });
    const { updateId } = found.updates[0] ?? {};
    const text = await explain(String(updateId));
    expect(text).toMatch(/received, logged as number \d+[^]*main +handled it in \d+ ms/);
    expect(text).toContain(`main sent message ${answer.message_id}.`);
    expect(JSON.stringify(found) + text).not.toContain("secret");
    const back = await explain(`${me}/${answer.message_id}`);
    expect(back).toMatch(/^Message \d+ in \d+ is of main, which sent it at \S+ because of update/);
    expect(back).toContain(`Update ${updateId} of bot`);
  });

  it("of a prompt in a group, by its link: session, turn, pid of the agent, and the answer", async () => {
    const { bots } = await sandbox.state();
    const main = bots.find(({ name }) => name === "main")?.id;
    const order = { type: "supergroup", title: "Team", members: [me], bots: [main] };
    const { id: group } = hasId.parse(await sandbox.request("/sandbox/chats", order));
    const link = (id: number): string => `https://t.me/c/${-1_000_000_000_000 - group}/${id}`;
    await sandbox.answer(group, await sandbox.say(group, "/new team"), /created/);
    const said = await sandbox.say(group, "hello there");
    const answer = await sandbox.answer(group, said, /you said/, 20_000);
    const found = await explained(link(said), isAnswered("main"));
    const { turns } = handlingBy(found, "main") ?? {};
    expect(turns).toEqual([
      expect.objectContaining({
        name: "team",
        outcome: "completed",
        updates: [found.updates[0]?.updateId],
        pid: expect.any(Number) as number,
      }),
    ]);
    const text = await explain(link(said));
    expect(text).toMatch(/queued it in session team\n.*turn \d+ of session team began, agent pid/);
    expect(text).toContain(`completed after`);
    const back = await explain(link(answer.message_id));
    expect(back).toMatch(/because of update \d+ in turn \d+ of session team, agent pid \d+\./);
  });

  it("of a turn that a stop aborted, and of one that a SIGKILL of the bot interrupted", async () => {
    const chat = await sandbox.privateChat("main");
    await sandbox.answer(chat, await sandbox.say(chat, "/new work"), /created/);
    const stopped = await sandbox.say(chat, "slow 60");
    const running = await explained(`${me}/${stopped}`, (found) => outcomeOf(found) === "running");
    expect(running.updates[0]?.result).toMatch(/main: turn \d+ runs/);
    await sandbox.answer(chat, await sandbox.say(chat, "/stop"), /gone, verified/);
    const aborted = await explained(`${me}/${stopped}`, (found) => outcomeOf(found) === "aborted");
    expect(aborted.updates[0]?.result).toMatch(/main: turn \d+ was stopped after/);

    const killed = await sandbox.say(chat, "slow 60");
    await explained(`${me}/${killed}`, (found) => outcomeOf(found) === "running");
    const pid = home.status()?.bots.find(({ name }) => name === "main")?.pid;
    process.kill(pid ?? 0, "SIGKILL");
    await sandbox.answer(chat, killed, /interrupted by a restart/, 30_000);
    const cut = await explained(`${me}/${killed}`, isAnswered("main"));
    expect(outcomeOf(cut)).toBe("interrupted");
    expect(cut.updates[0]?.result).toMatch(/was interrupted by the end of the bot's process/);
  });

  it("of a trade: the question leads to its command, the trade to the press of the button", async () => {
    const chat = await sandbox.privateChat("public_trading_bot");
    const said = await sandbox.say(chat, "/buy 100");
    const quote = await saidIn(sandbox, chat, said, /buys SIM/, home);
    await press(sandbox, chat, quote, /Buy/);
    await saidIn(sandbox, chat, said, /bought/, home);
    const found = await explained(`${me}/${quote.message_id}`, ({ messages, updates }) => {
      const kinds = updates.map(({ kind }) => kind);
      return messages.length > 1 && kinds.includes("message") && kinds.includes("callback_query");
    });
    expect(found.messages.map(({ bot }) => bot)).toContain("public_trading_bot");
    for (const { bots } of found.updates) expect(bots[0]?.answers).toHaveLength(1);
  });

  it("of a picture of treasury: its command", async () => {
    const chat = await sandbox.privateChat("treasury");
    const said = await sandbox.say(chat, "/treasury");
    await saidIn(sandbox, chat, said, /Total/, home);
    const found = await explained(`${me}/${said}`, isAnswered("treasury"));
    expect(found.updates[0]?.result).toMatch(/treasury sent message \d+/);
  });

  it("of a message that no update asked for: its bot, and that nobody asked", async () => {
    const chat = await sandbox.privateChat("buy_tracker");
    const buy = await sandbox.answer(chat, 0, /Buy|buys/, 30_000);
    const found = await explained(`${me}/${buy.message_id}`, ({ messages }) =>
      messages.some(({ bot }) => bot === "buy_tracker"),
    );
    expect(found.messages.find(({ bot }) => bot === "buy_tracker")?.updates).toEqual([]);
    expect(found.said.join("\n")).toMatch(/of buy_tracker, .* of its own accord/);
  });

  it("of a stranger: refused, and why", async () => {
    const { bots } = await sandbox.state();
    const bot = bots.find(({ name }) => name === "main")?.id;
    const user = { first_name: "Sam" };
    const { id: stranger } = hasId.parse(await sandbox.request("/sandbox/users", user));
    const order = { type: "private", members: [stranger], bots: [bot] };
    const { id: chat } = hasId.parse(await sandbox.request("/sandbox/chats", order));
    const message = { from: stranger, text: "let me in" };
    const sent = await sandbox.request(`/sandbox/chats/${chat}/messages`, message);
    const { message_id: said } = z.looseObject({ message_id: z.int() }).parse(sent);
    const found = await explained(`${stranger}/${said}`, isAnswered("main"));
    expect(handlingBy(found, "main")?.state).toBe("refused");
    const text = await explain(`${stranger}/${said}`);
    expect(text).toContain(`refused it: user ${stranger} is not on its allowlist`);
    expect(text).not.toContain("let me in");
  });

  it("of a dead letter: each attempt with its error, and what to do", async () => {
    const chat = await sandbox.privateChat("buy_tracker");
    const said = await sandbox.say(chat, "/watch");
    const buttons = await sandbox.answer(chat, said, /Watched here|watched here/);
    const fault = { kind: "status", status: 400, description: "Bad Request: no such query" };
    const order = { ...fault, method: "answerCallbackQuery", times: 0 };
    await sandbox.request("/sandbox/faults", order);
    try {
      await press(sandbox, chat, buttons, /Watch/);
      const letter = await eventually(
        () =>
          home.status()?.bots.find(({ name }) => name === "buy_tracker")?.intake?.deadLetters[0],
        () => supervisor.output,
        40_000,
      );
      const found = await explained(
        String(letter.updateId),
        (each) => handlingBy(each, "buy_tracker")?.state === "given_up",
      );
      const { tries, attempts } = handlingBy(found, "buy_tracker") ?? {};
      expect(attempts).toBe(5);
      expect(tries?.map(({ number }) => number)).toEqual([1, 2, 3, 4, 5]);
      expect(tries?.every(({ error }) => error?.includes("no such query"))).toBe(true);
      expect(found.updates[0]?.result).toContain("npx tg-supervisor dead-letters");
    } finally {
      await sandbox.request("/sandbox/faults", undefined, "DELETE");
    }
  }, 90_000);
});

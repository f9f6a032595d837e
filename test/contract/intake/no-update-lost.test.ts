import { expect, it } from "vitest";
import { bareStartMs, eventually } from "../../support/program.ts";
import { type Handling, RecordingBots } from "../../support/recording-bots.ts";
import { seededRandom } from "../../support/seeded-random.ts";
import { NumberedTalk } from "./numbered-talk.ts";

const messages = Number(process.env["NO_LOSS_MESSAGES"] ?? 5_000);
const kills = Number(process.env["NO_LOSS_KILLS"] ?? 30);
const seed = Number(process.env["NO_LOSS_SEED"] ?? 1);

/** At most so many handlings run at once. */
const laneCap = 32;
/** How often something is said in one life of the bot, the last time shortly before its end. */
const burstsPerLife = 10;
const afterLastBurstMs = 40;

interface Run {
  readonly said: readonly string[];
  readonly begins: readonly Handling[];
  readonly ends: readonly Handling[];
  readonly overlappingPolls: number;
  /** What the server took for confirmed, and what of it was missing in the log, at the end of each life. */
  readonly lostAtServer: readonly number[];
  readonly output: string;
}

/** Talks to a bot that is ended again and again at random moments of its life, then lets it finish. */
async function talkThroughEnds(signal: "SIGKILL" | "SIGTERM", ends: number): Promise<Run> {
  const random = seededRandom(seed);
  const talk = await NumberedTalk.open(random);
  const bots = new RecordingBots({ apiRoot: talk.sandbox.url, bot: talk.bot, workMs: 20 });
  const longestLifeMs = Math.max(800, 16 * (await bareStartMs()));
  const lostAtServer: number[] = [];
  try {
    for (let life = 0; life < ends; life += 1) {
      const bot = bots.start();
      const lifeMs = (0.15 + 0.85 * random()) * longestLifeMs;
      const due = Math.round((messages * (life + 1)) / ends);
      const perBurst = Math.ceil((due - talk.said.length) / burstsPerLife);
      for (let burst = 0; burst < burstsPerLife; burst += 1) {
        await new Promise((resolve) => setTimeout(resolve, lifeMs / burstsPerLife));
        talk.say(Math.min(perBurst, due - talk.said.length));
      }
      // Some of the last burst is being handled now, or received, or still on its way.
      await new Promise((resolve) => setTimeout(resolve, random() * afterLastBurstMs));
      bot.kill(signal);
      await bot.end();
      lostAtServer.push(...confirmedButNotLogged(talk, bots));
    }
    const last = bots.start();
    // Everything may be handled already; a stop before the program is there would end it like a kill.
    await last.printed(/\[main\] ready/);
    const handled = (): number => new Set(bots.handlings("end").map(({ update }) => update)).size;
    const { highestUpdateId } = talk.polling();
    const expected = new Set(bots.logged().keys());
    await eventually(
      () => {
        if (talk.polling().confirmedOffset !== highestUpdateId + 1) return undefined;
        for (const id of bots.logged().keys()) expected.add(id);
        return handled() >= expected.size || undefined;
      },
      () => `${handled()} of ${expected.size} handled; ${bots.output.slice(-2_000)}`,
      30_000,
    );
    last.kill("SIGTERM");
    expect(await last.end()).toBe(0);
    lostAtServer.push(...confirmedButNotLogged(talk, bots));
    return {
      said: talk.said,
      begins: bots.handlings("begin"),
      ends: bots.handlings("end"),
      overlappingPolls: talk.polling().overlappingPolls,
      lostAtServer,
      output: bots.output,
    };
  } finally {
    await bots.remove();
    await talk.close();
  }
}

/** Update ids that the server has forgotten for us although they do not stand in the log. The sandbox leaves no gaps. */
function confirmedButNotLogged(talk: NumberedTalk, bots: RecordingBots): number[] {
  const logged = bots.logged();
  const first = Math.min(...logged.keys());
  const missing: number[] = [];
  for (let id = first; id < talk.polling().confirmedOffset; id += 1)
    if (!logged.has(id)) missing.push(id);
  return missing;
}

function expectEverythingInOrder(run: Run): void {
  const { said, ends, overlappingPolls, lostAtServer, output } = run;
  expect(output).not.toMatch(/already held|Warning/);
  expect(overlappingPolls).toBe(0);
  expect(lostAtServer).toEqual([]);
  const firstEnds = [...new Set(ends.map(({ text }) => text))].filter((text) => text !== "");
  expect(firstEnds.toSorted()).toEqual(said.toSorted());
  const counts = new Map<string, number>();
  for (const text of firstEnds) {
    const conversation = text.split("/")[0] ?? "";
    const number = (counts.get(conversation) ?? 0) + 1;
    counts.set(conversation, number);
    expect(text).toBe(`${conversation}/${number}`);
  }
}

function repeatsIn({ begins }: Run): Handling[] {
  const seen = new Set<number>();
  return begins.filter(({ update }) => seen.size === seen.add(update).size);
}

it(
  `${messages} messages and ${kills} SIGKILLs (seed ${seed}): all handled, in order, twice only what was in flight`,
  async () => {
    const run = await talkThroughEnds("SIGKILL", kills);
    expectEverythingInOrder(run);
    const repeats = repeatsIn(run);
    for (const repeat of repeats) expect(repeat.attempt).toBeGreaterThan(1);
    // In flight at a kill: the last of its conversation in that life.
    const again = new Set(repeats.map(({ update }) => update));
    const lastOfLane = new Map<string, number>();
    for (const { pid, chat, topic, update } of run.begins)
      lastOfLane.set(`${pid} ${chat} ${topic}`, update);
    const inFlight = new Set(lastOfLane.values());
    expect([...again].filter((update) => !inFlight.has(update))).toEqual([]);
    const marked = new Set(
      run.begins.filter(({ attempt }) => attempt > 1).map(({ update }) => update),
    );
    expect(marked.size).toBeLessThanOrEqual(kills * laneCap);
    console.log(
      `no update lost: ${run.said.length} messages, ${kills} kills; ${again.size} handled again, ${marked.size} marked as repeats, overlapping polls ${run.overlappingPolls}`,
    );
  },
  60_000 + kills * 6_000,
);

it(
  `the same with SIGTERM: nothing is handled twice`,
  async () => {
    const run = await talkThroughEnds("SIGTERM", Math.ceil(kills / 3));
    expectEverythingInOrder(run);
    expect(repeatsIn(run)).toEqual([]);
    expect(run.begins.filter(({ attempt }) => attempt > 1)).toEqual([]);
    console.log(
      `no update repeated: ${run.said.length} messages, ${Math.ceil(kills / 3)} SIGTERMs`,
    );
  },
  60_000 + kills * 6_000,
);

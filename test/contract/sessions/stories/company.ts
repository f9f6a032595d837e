import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect } from "vitest";
import { z } from "zod";
import { isAlive } from "../../../support/proc.ts";
import { eventually } from "../../../support/program.ts";
import { seededRandom } from "../../../support/seeded-random.ts";
import { SessionBot } from "../session-bot.ts";
import { Deeds, nowMs, type Restart } from "./deeds.ts";
import type { Told } from "./facts.ts";
import { Forum, type Room } from "./forum.ts";
import { History } from "./history.ts";
import { MessageAccount } from "./message-account.ts";
import { leaveSessions } from "./session-papers.ts";
import { StopAccount } from "./stop-account.ts";
import { Story } from "./story.ts";
import { TurnAccount } from "./turn-account.ts";

const promiseSchema = z.object({
  t: z.string(),
  seq: z.int().optional(),
  params: z
    .object({
      chat_id: z.int().optional(),
      message_thread_id: z.int().optional(),
      text: z.string().optional(),
      reply_markup: z
        .object({
          inline_keyboard: z.array(z.array(z.object({ callback_data: z.string().optional() }))),
        })
        .optional(),
    })
    .optional(),
});
const agent = fileURLToPath(new URL("../../../fixtures/agents/does-as-told.mjs", import.meta.url));
const steps = 12;
/** A hundred sessions come to rest, on whatever machine. */
const patienceMs = 60_000;
const wait = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** Several stories at once with one bot, which is restarted in the midst of them, in order and by SIGKILL. */
export class Company {
  private readonly stories: Story[] = [];
  private readonly restarts: Restart[] = [];
  private readonly folder = mkdtempSync(join(tmpdir(), "stories-"));
  private readonly history = new History();
  private readonly firstSeed: number;
  private bot!: SessionBot;
  private deeds!: Deeds;

  private constructor(firstSeed: number) {
    this.firstSeed = firstSeed;
  }

  /** @throws Error naming the seed of the story that went wrong, with its steps */
  static async play(firstSeed: number, count: number): Promise<void> {
    const company = new Company(firstSeed);
    try {
      await company.open(count);
      await allOf([
        ...company.stories.map((story, at) => company.told(at, story.play(steps))),
        company.restartNowAndThen(),
      ]);
      await allOf(company.stories.map((story, at) => company.told(at, story.finish())));
      await company.end();
    } finally {
      await company.bot?.remove();
      rmSync(company.folder, { recursive: true, force: true });
    }
  }

  private async open(count: number): Promise<void> {
    const deeds = join(this.folder, "deeds.jsonl");
    writeFileSync(deeds, "");
    this.deeds = new Deeds(deeds);
    const environment = { DEEDS: deeds };
    const options = {
      default_agent: "told",
      agents: { told: { driver: "claude", command: agent, environment } },
      sessions: { live_agents: 200 },
    };
    this.bot = await SessionBot.open(options, async (handed) => {
      for (let at = 0; at < count; at += 1) {
        const seed = this.firstSeed + at;
        this.stories.push(new Story(seed, new Forum(handed, seed), this.deeds, this.restarts));
      }
      const papers = this.stories.flatMap(({ forum }) => forum.papers);
      await leaveSessions(handed.stateDir, papers);
    });
  }

  private async restartNowAndThen(): Promise<void> {
    const random = seededRandom(this.firstSeed);
    for (const how of ["kill", "stop"] as const) {
      await wait(500 + random() * 2_000);
      const beganMs = nowMs();
      if (how === "kill") await this.bot.kill();
      else await this.bot.stop(patienceMs);
      this.history.read(this.bot.handed.stateDir);
      await wait(random() * 200);
      await this.bot.restart();
      this.restarts.push({ how, beganMs, readyMs: nowMs() });
    }
  }

  /** Nothing lives after the bot, and every promise was kept. */
  private async end(): Promise<void> {
    const known = new Set(this.deeds.all().map(({ pid }) => pid));
    const strays = this.bot.agents().filter((pid) => !known.has(pid));
    expect(strays, "processes that are no agents, although no tool is at work").toEqual([]);
    await eventually(
      () => this.bot.agents().length === 0 || undefined,
      () => `all sessions are suspended; ${this.bot.agents().join()}`,
      patienceMs,
    );
    expect(await this.bot.stop(patienceMs), "the bot's exit code").toBe(0);
    expect(this.bot.agents(), "agents and tools after the bot").toEqual([]);
    const tools = this.deeds.all().flatMap(({ tool }) => tool ?? []);
    expect(tools.filter(isAlive), "tools after the bot").toEqual([]);
    const { handed } = this.bot;
    const promised = readFileSync(join(handed.stateDir, "outbox", "main", "answers.jsonl"), "utf8");
    const said = handed.sandbox.user.calls({}).map(({ parameters }) => JSON.stringify(parameters));
    const late = [...promised.split("\n"), ...said].filter((text) => text.includes("LATE"));
    if (late.length > 0) throw new Error(`${this.again}: late output ${late.join("\n")}`);
    this.history.read(handed.stateDir);
    const { deeds, restarts, history } = this;
    for (const [at, story] of this.stories.entries()) {
      const saidIn = (room: Room | undefined): readonly Told[] => [
        ...story.forum.said(room),
        ...unsent(promised, story.forum.chat, room?.topic),
      ];
      const facts = { story, deeds, restarts, history, saidIn };
      const check = async (): Promise<void> => {
        new MessageAccount(facts).check();
        new TurnAccount(facts).check();
        new StopAccount(facts).check();
      };
      await this.told(at, check());
    }
  }

  /** How to play it again. */
  private get again(): string {
    return `TG_SEED=${this.firstSeed} TG_ROUNDS=${this.stories.length}`;
  }

  private async told(at: number, work: Promise<void>): Promise<void> {
    try {
      await work;
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      const restarts = this.restarts.map(({ beganMs, readyMs }) => `${beganMs}-${readyMs}`).join();
      throw new Error(
        `seed ${this.firstSeed + at} (${this.again}): ${why}\n${this.stories[at]?.steps.join("\n")}\nrestarts ${restarts}\n${this.bot.log.slice(-1_500)}`,
        { cause: error },
      );
    }
  }
}

/** All of them have ended, also where one went wrong. */
async function allOf(works: readonly Promise<void>[]): Promise<void> {
  await Promise.allSettled(works);
  await Promise.all(works);
}

/** What a journal of answers has promised to a place and the bot has not sent. */
function unsent(journal: string, chat: number, topic: number | undefined): Told[] {
  const open = new Map<number, Told>();
  for (const line of journal.split("\n").slice(0, -1)) {
    const { t, seq, params } = promiseSchema.parse(JSON.parse(line));
    const isHere = params?.chat_id === chat && params.message_thread_id === topic;
    const buttons = params?.reply_markup?.inline_keyboard.flat() ?? [];
    if (t === "accepted" && isHere)
      open.set(seq ?? 0, {
        text: params.text ?? "",
        buttons: buttons.map(({ callback_data: data = "" }) => ({ data })),
      });
    if (t === "sent") open.delete(seq ?? 0);
  }
  return [...open.values()];
}

import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { isAlive } from "../../support/proc.ts";
import { eventually, repositoryRoot } from "../../support/program.ts";
import { SessionBot } from "./session-bot.ts";
import { Deeds, nowMs } from "./stories/deeds.ts";
import { Forum, type Room } from "./stories/forum.ts";
import { leaveSessions } from "./stories/session-papers.ts";
import { StopAsked } from "./stories/stop-asked.ts";

const command = join(repositoryRoot, "test/fixtures/agents/does-as-told.mjs");

const wordOf = (room: Room, what: string): string => `${room.id}${what}`;

describe("/stop in one of five topics, whatever its agent does then", () => {
  const folder = mkdtempSync(join(tmpdir(), "bad-agents-"));
  const path = join(folder, "deeds.jsonl");
  const deeds = new Deeds(path);
  const forums: Forum[] = [];
  let bot: SessionBot;
  beforeAll(async () => {
    writeFileSync(path, "");
    const told = { driver: "claude", command, environment: { DEEDS: path } };
    const options = { default_agent: "told", agents: { told }, sessions: { live_agents: 50 } };
    bot = await SessionBot.open(options, async (handed) => {
      // One for each row: a group is written to 20 times a minute.
      for (let number = 0; number < 5; number += 1) forums.push(new Forum(handed, number));
      await leaveSessions(
        handed.stateDir,
        forums.flatMap(({ papers }) => papers),
      );
    });
  });
  afterAll(async () => {
    await bot.remove();
    rmSync(folder, { recursive: true, force: true });
  });

  const done = (words: readonly string[]): Promise<unknown> =>
    eventually(
      () => words.every((word) => deeds.count("done", word) === 1) || undefined,
      () => `${words.join()} done; ${JSON.stringify(deeds.all().slice(-10))}`,
      30_000,
    );

  it.each([
    [0, "exits with an error", "breaks", "ended"],
    [1, "prints on after it was interrupted", "late", "interrupted"],
    [2, "prints on when it is killed, and exits with an error", "deaf", "ended"],
    [3, "leaves a tool in a session of its own", "leaves", "interrupted"],
    [4, "ends by SIGKILL alone, its tool in a session of its own", "stubborn", "ended"],
  ] as const)(
    "%i: it %s",
    async (number, _name, manner, how) => {
      const forum = forums[number] as Forum;
      const [first, ...others] = forum.rooms as [Room, ...Room[]];
      forum.say(`${manner} 60000 ${wordOf(first, "x")}`, first);
      for (const room of others) forum.say(`plain 4000 ${wordOf(room, "x")}`, room);
      await eventually(
        () =>
          forum.rooms.every((room) => deeds.of(room.id).some(({ did }) => did === "tool")) ||
          undefined,
        () => `all five at work; ${bot.log.slice(-1_500)}`,
        30_000,
      );
      forum.say(`plain 0 ${wordOf(first, "queued")}`, first);
      await eventually(
        () => forum.said(first).some(({ text }) => /Queued/.test(text)) || undefined,
        () => "the next one waits",
        30_000,
      );
      const stop = new StopAsked(first, first, 1, forum.lastMessage);
      forum.say("/stop", first);
      await eventually(
        () => stop.look(forum.said(first), forum, deeds) || undefined,
        () => `a receipt; said ${JSON.stringify(forum.said(first))}`,
        30_000,
      );
      console.log(`${manner}: /stop -> receipt ${Math.round(nowMs() - stop.saidMs)} ms`);
      expect(stop.receipt?.lines).toEqual([
        { topic: undefined, session: "a", how, tookMs: expect.any(Number), isVerified: true },
      ]);
      expect(stop.cancelled).toEqual([wordOf(first, "queued")]);

      await done(others.map((room) => wordOf(room, "x")));
      for (const room of others) {
        // What comes then is its suspension.
        const deedsThere = deeds.of(room.id).map(({ did }) => did);
        expect(deedsThere.slice(0, 4)).toEqual(["started", "got", "tool", "done"]);
      }
      forum.press(stop.said ?? { id: 0, text: "", buttons: [] }, stop.said?.buttons[0]?.data ?? "");
      await done([wordOf(first, "queued")]);
      expect(deeds.count("done", wordOf(first, "x"))).toBe(0);
    },
    90_000,
  );

  it("nothing late is ever said, and nothing outlives the bot", async () => {
    const { sandbox } = bot.handed;
    const said = sandbox.user.calls({}).map(({ parameters }) => JSON.stringify(parameters));
    expect(said.filter((text) => text.includes("LATE"))).toEqual([]);
    expect(said.some((text) => text.includes("heard"))).toBe(true);
    await bot.stop(60_000);
    expect(bot.agents()).toEqual([]);
    expect(
      deeds
        .all()
        .flatMap(({ tool }) => tool ?? [])
        .filter(isAlive),
    ).toEqual([]);
  });
});

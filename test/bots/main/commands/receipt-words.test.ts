import { describe, expect, it } from "vitest";
import { home } from "../sessions/stage/stage.ts";
import { Spoken } from "./spoken.ts";

describe("the receipt of a stop", () => {
  it("says of an idle agent with background work that it was ended because of that", async () => {
    const spoken = await Spoken.open();
    await spoken.say("/new work");
    await spoken.stage.say("one");
    const agent = spoken.stage.agents.last;
    agent.setBackground(["build"]);
    agent.endTurn();
    await spoken.stage.settle();
    expect((await spoken.say("/stop")).markdown).toBe(
      "⏹ `work` had work in the background: its process was ended in 0.0 s; its tool processes are gone, verified.",
    );
  });

  it.each([
    [["build"], "Nothing is running; 1 piece of background work goes on (/stop_all ends it)."],
    [
      ["build", "serve"],
      "Nothing is running; 2 pieces of background work go on (/stop_all ends them).",
    ],
  ])("says in a topic that background work goes on: %j", async (tasks, words) => {
    const spoken = await Spoken.open();
    const topic = { chatId: 7, topicId: 3 };
    await spoken.say("/new work", topic);
    await spoken.stage.say("one", topic);
    spoken.stage.agents.last.setBackground(tasks);
    spoken.stage.agents.last.endTurn();
    await spoken.stage.settle();
    expect((await spoken.say("/stop", topic)).markdown).toBe(words);
    expect((await spoken.say("/model opus", topic)).markdown).toContain(
      `next message on. Its background work (${tasks.length}) ends with the process`,
    );
    await spoken.stage.settle();
    expect(spoken.stage.agents.alive).toEqual([]);
    expect((await spoken.say("/model default", topic)).markdown).toMatch(/message on\.$/);
  });

  it("says of an agent that does not listen that it was ended because of that", async () => {
    const spoken = await Spoken.open();
    await spoken.say("/new work");
    await spoken.stage.say("one");
    spoken.stage.agents.last.interrupts = "ignores";
    const receipt = spoken.say("/stop");
    await spoken.stage.pass(2_000);
    expect((await receipt).markdown).toBe(
      "⏹ `work` did not listen, or was at its start: its process was ended in 2.0 s; its tool processes are gone, verified.",
    );
  });

  it("says of a session that had no seat yet nothing about processes", async () => {
    const spoken = await Spoken.open(1);
    const waiting = { chatId: 8 };
    await spoken.say("/new work");
    await spoken.say("/new other", waiting);
    await spoken.stage.say("one", home);
    await spoken.stage.say("two", waiting);
    expect((await spoken.say("/stop", waiting)).markdown).toBe(
      "⏹ `other` waited for its start; that is cancelled.\n1 queued message cancelled.",
    );
  });

  it.each([
    [1, "1 message cancelled on its way; to have it, send it again."],
    [2, "2 messages cancelled on their way; to have them, send them again."],
  ])(
    "says of %i overtaken messages with files that they must be sent again",
    async (count, words) => {
      const spoken = await Spoken.open();
      await spoken.say("/new work");
      spoken.stage.onTheirWay = Array.from({ length: count }, (_, at) =>
        spoken.stage.onItsWay(`photo ${at}`, { hasFile: true }),
      );
      expect(await spoken.say("/stop")).toEqual({ markdown: words, buttons: [] });
    },
  );
});

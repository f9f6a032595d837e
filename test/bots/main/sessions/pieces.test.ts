import { describe, expect, it } from "vitest";
import type { FetchedFiles } from "../../../../bots/main/sessions/queue/intake.ts";
import { Gate } from "../../../support/gate.ts";
import { home, Stage } from "./stage/stage.ts";

const album = { atS: 10, as: "album 1" };

function piece(stage: Stage, text: string, sent = album) {
  return stage.sessions.accept({ ...stage.message(text), sent });
}

function neverComes(): Promise<never> {
  return new Promise(() => undefined);
}

function heardOf(stage: Stage): readonly string[] {
  return stage.agents.started.flatMap(({ sent }) => sent.map(({ text }) => text));
}

describe("the pieces of one message are one turn", () => {
  it("however long the file of the last one takes", async () => {
    const stage = await Stage.open();
    await stage.create();
    await piece(stage, "one");
    const fetching = new Gate();
    const fetchFiles = async (): Promise<FetchedFiles> => {
      await fetching.passed;
      return { attachments: [], problems: [] };
    };
    const last = stage.sessions.accept({ ...stage.message("two"), sent: album, fetchFiles });
    await stage.pass(3_000);
    expect(stage.agents.started).toEqual([]);
    fetching.open();
    await last;
    await stage.pass(999);
    expect(stage.agents.started).toEqual([]);
    await stage.pass(1);
    expect(heardOf(stage)).toEqual(["one\n\ntwo"]);
  });

  it("and wait for nothing that does not belong to them", async () => {
    const stage = await Stage.open();
    await stage.create();
    await piece(stage, "one");
    const fetchFiles = neverComes;
    void stage.sessions.accept({ ...stage.message("another"), fetchFiles });
    await stage.pass(1_000);
    expect(heardOf(stage)).toEqual(["one"]);
  });

  it("where the bot is started anew between two of them", async () => {
    const stage = await Stage.open();
    await stage.create();
    await piece(stage, "one");
    const next = await stage.restarted();
    await next.pass(500);
    await piece(next, "two");
    await next.pass(1_000);
    expect(heardOf(next)).toEqual(["one\n\ntwo"]);
  });

  it("where a stop is still at work when they begin to come", async () => {
    const stage = await Stage.open();
    await stage.create();
    await stage.say("work");
    stage.agents.last.interrupts = "ignores";
    const stopping = stage.sessions.stop({ kind: "conversation", place: home }, stage.nextOrder());
    await stage.pass(1_500);
    await piece(stage, "one");
    await stage.pass(500);
    await stopping;
    await piece(stage, "two");
    await stage.pass(1_000);
    expect(heardOf(stage)).toEqual(["work", "one\n\ntwo"]);
  });

  it("also where an agent that rests dies before the last of them has come", async () => {
    const stage = await Stage.open();
    await stage.create();
    await stage.say("work");
    stage.agents.last.endTurn();
    await stage.settle();
    await piece(stage, "one");
    stage.agents.last.exit("crashed", "out of memory", 137);
    await stage.settle();
    await piece(stage, "two");
    await stage.pass(1_000);
    expect(stage.chat.answers).toEqual(["completed: done"]);
    expect(heardOf(stage)).toEqual(["work", "one\n\ntwo"]);
  });

  it("and wait as one, with one way out for all of them", async () => {
    const stage = await Stage.open();
    const session = await stage.create();
    await stage.say("work");
    await stage.say("next");
    const told = [];
    for (const text of ["one", "two", "three"]) told.push(await piece(stage, text));
    expect(told).toMatchObject([
      { ahead: 1, mustWait: true, joins: false },
      { ahead: 1, mustWait: true, joins: true },
      { ahead: 1, mustWait: true, joins: true },
    ]);
    expect(await stage.say("last")).toMatchObject({ ahead: 2, joins: false });
    expect(await stage.sessions.cancel(3)).toBe(true);
    expect(session.waiting.map(({ text }) => text)).toEqual(["next", "last"]);
  });

  it("and a long text is what it was before it was cut", async () => {
    const stage = await Stage.open();
    await stage.create();
    await piece(stage, "if (a) {", { atS: 10, as: "long" });
    await piece(stage, "  b();", { atS: 10, as: "long" });
    await piece(stage, "}", { atS: 11, as: "alone" });
    await stage.settle();
    expect(heardOf(stage)).toEqual(["if (a) {\n  b();\n}"]);
  });
});

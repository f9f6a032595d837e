import { describe, expect, it } from "vitest";
import type { FetchedFiles } from "../../../../bots/main/sessions/queue/intake.ts";
import { home, Stage } from "./stage/stage.ts";

const scope = { kind: "conversation", place: home } as const;
const untilBrokenOff = (_: string, signal: AbortSignal) =>
  new Promise<FetchedFiles>((_resolve, reject) => {
    signal.addEventListener("abort", () => {
      reject(signal.reason as Error);
    });
  });
const none: FetchedFiles = { attachments: [], problems: [] };
const stop = (stage: Stage) => stage.sessions.stop(scope, stage.nextOrder());
const sayings = (stage: Stage) => stage.chat.said.map(({ saying }) => saying);

describe("a stop whose receipt was cut off by the end of the bot", () => {
  it("is told by the next start, once, and can be taken back", async () => {
    const stage = await Stage.open();
    await stage.create();
    await stage.say("one");
    await stage.say("two");
    const { restoreToken: token = "" } = await stop(stage);
    const next = await stage.restarted();
    await next.settle();
    expect(sayings(next)).toEqual([{ kind: "stop_cut", token, cancelled: 1, lost: 0 }]);
    const third = await next.restarted();
    await third.settle();
    expect(third.chat.said).toHaveLength(1);
    expect(await third.sessions.restore(token)).toBe(1);
  });

  it("is told with what nothing can bring back, and nothing of that runs", async () => {
    const stage = await Stage.open();
    await stage.create();
    const early = stage.onItsWay("with a file", { hasFile: true });
    const download = stage.message("photo");
    const coming = stage.sessions.accept({ ...download, fetchFiles: untilBrokenOff });
    stage.onTheirWay = [early];
    await stage.settle();
    const { token, lost } = await stop(stage);
    expect(lost).toBe(2);
    expect(await coming).toEqual({ kind: "stopped", how: "counted" });
    const next = await stage.restarted();
    await next.settle();
    expect(sayings(next)).toEqual([{ kind: "stop_cut", token, cancelled: 0, lost: 2 }]);
    const again = { ...download, fetchFiles: () => Promise.resolve(none) };
    expect(await next.sessions.accept(again)).toEqual({ kind: "repeated" });
    expect(next.agents.started).toEqual([]);
  });
});

describe("a stop whose receipt was told", () => {
  it("is not told again, also when its file was written anew", async () => {
    const stage = await Stage.open();
    await stage.create();
    await stage.say("one");
    await stage.say("two");
    stage.sessions.told(await stop(stage));
    await stage.settle();
    const next = await (await stage.restarted()).restarted();
    await next.settle();
    expect(next.chat.said).toEqual([]);
  });
});

it("of two stops in a row one tells of a download that was broken off", async () => {
  const stage = await Stage.open();
  await stage.create();
  await stage.say("one");
  stage.agents.last.ready("r1");
  stage.agents.last.interrupts = "ignores";
  stage.agents.last.stopTakesMs = 1_000;
  const photo = { ...stage.message("photo"), fetchFiles: untilBrokenOff };
  const coming = stage.sessions.accept(photo);
  await stage.settle();
  const first = stop(stage);
  await stage.settle();
  expect(await coming).toEqual({ kind: "stopped", how: "counted" });
  const second = stop(stage);
  await stage.pass(10_000);
  expect([(await first).lost, (await second).lost]).toEqual([1, 0]);
});

import { describe, expect, it } from "vitest";
import { BackgroundTasks } from "../../../../../bots/main/agents/stream-json/background-tasks.ts";
import { decodeLine } from "../../../../../bots/main/agents/stream-json/decoding/decode.ts";
import { Turn } from "../../../../../bots/main/agents/stream-json/turn.ts";
import { seededRandom } from "../../../../support/seeded-random.ts";
import { samplesOf, versions } from "./samples.ts";

describe("the decoder", () => {
  it("never throws, whatever happens to the lines (100,000 of them)", { timeout: 60_000 }, () => {
    const random = seededRandom(20_261_120);
    const lines = versions.flatMap((version) => samplesOf(version).map(({ line }) => line));
    const values = ["null", "-1", '""', "[]", "{}", "true", '"\\ud800"', "1e999", "[[{}]]"];
    const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)] as T;
    const at = (text: string): number => Math.floor(random() * (text.length + 1));
    /** Another value behind some key: what still parses, and is not what it should be. */
    const swap = (line: string): string => {
      const keys = [...line.matchAll(/":("[^"]*"|-?[\d.]+|true|false|null|\{|\[)/g)];
      const key = pick(keys);
      const from = (key?.index ?? 0) + 2;
      const value = key?.[1] ?? "";
      const rest = line.slice(from + value.length);
      return value === "{" || value === "["
        ? `${line.slice(0, from)}${pick(values)},"rest":${value}${rest}`
        : line.slice(0, from) + pick(values) + rest;
    };
    const mutations: readonly ((line: string) => string)[] = [
      (line) => line.slice(0, at(line)),
      (line) => line.slice(at(line)),
      (line) => {
        const cut = at(line);
        return line.slice(0, cut) + String.fromCharCode(random() * 0xffff) + line.slice(cut + 1);
      },
      (line) => line.slice(0, at(line)) + pick(lines).slice(at(line)),
      swap,
      swap,
      swap,
    ];
    const turn = new Turn();
    const tasks = new BackgroundTasks();
    const tally = { parsed: 0, broken: 0 };
    for (let round = 0; round < 100_000; round += 1) {
      let line = pick(lines);
      for (let times = Math.floor(random() * 3); times >= 0; times -= 1)
        line = pick(mutations)(line);
      const decoded = decodeLine(line);
      for (const each of decoded) {
        if (each.kind === "result") turn.ended(each.result);
        else if (each.kind === "init" || each.kind === "activity") turn.heard(each.kind === "init");
        else if (each.kind === "tasks" || each.kind === "task_started") tasks.take(each);
      }
      const isBroken = decoded.some(({ kind }) => kind === "broken");
      tally[isBroken ? "broken" : "parsed"] += 1;
    }
    // A fuzzer whose lines all break at JSON.parse would prove nothing.
    expect(tally.parsed).toBeGreaterThan(20_000);
    expect(tally.broken).toBeGreaterThan(20_000);
  });
});

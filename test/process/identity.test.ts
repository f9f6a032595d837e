import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { describe, expect, it, vi } from "vitest";
import {
  identifyProcess,
  identifySelf,
  identitySchema,
  type Judgement,
  judge,
  judgeFrom,
  type ProcessIdentity,
  type Sighting,
  sameProcess,
} from "../../shared/process/identity.ts";
import { readStat } from "../../shared/process/proc-stat.ts";

const firstNamespace = "pid:[4026531836]";
const identity: ProcessIdentity = {
  pid: 100,
  startTicks: 5_000,
  bootId: "boot-1",
  pidNamespace: firstNamespace,
  netNamespace: "net:[1]",
  host: "box",
};
const container = { pidNamespace: "pid:[4026532200]" };
const notLinux = { bootId: null, startTicks: null, pidNamespace: "none", netNamespace: "none" };
const sameStart: Sighting = { startTicks: 5_000 };

interface Case {
  readonly what: string;
  readonly record?: Partial<ProcessIdentity>;
  readonly asker?: Partial<ProcessIdentity>;
  readonly sighting: Sighting;
  readonly judgement: Judgement;
}

const cases: Case[] = [
  { what: "the same start", sighting: sameStart, judgement: "alive" },
  { what: "another start", sighting: { startTicks: 5_001 }, judgement: "dead" },
  { what: "nobody with the pid", sighting: "gone", judgement: "dead" },
  { what: "somebody who is hidden", sighting: "hidden", judgement: "unknown" },
  {
    what: "another boot of this host",
    record: { bootId: "boot-0" },
    sighting: sameStart,
    judgement: "dead",
  },
  {
    what: "another boot, another host",
    record: { bootId: "boot-0", host: "rack" },
    sighting: "gone",
    judgement: "unknown",
  },
  {
    what: "another boot, containers of one name",
    record: { bootId: "boot-0", ...container },
    asker: container,
    sighting: "gone",
    judgement: "unknown",
  },
  {
    what: "a container of this machine, seen from outside",
    record: container,
    sighting: "gone",
    judgement: "unknown",
  },
  {
    what: "this machine, seen from a container",
    asker: { ...container, host: "0af3" },
    sighting: "gone",
    judgement: "unknown",
  },
  {
    what: "two processes of one container",
    record: { ...container, host: "0af3" },
    asker: { ...container, host: "0af3" },
    sighting: "gone",
    judgement: "dead",
  },
  {
    what: "another network namespace only",
    record: { netNamespace: "net:[2]" },
    sighting: sameStart,
    judgement: "alive",
  },
  {
    what: "Linux without /proc",
    record: { bootId: null, startTicks: null, pidNamespace: null, netNamespace: null },
    asker: { bootId: null, pidNamespace: null, netNamespace: null },
    sighting: "gone",
    judgement: "unknown",
  },
  {
    what: "not Linux, pid gone",
    record: notLinux,
    asker: notLinux,
    sighting: "gone",
    judgement: "dead",
  },
  {
    what: "not Linux, pid in use",
    record: notLinux,
    asker: notLinux,
    sighting: "hidden",
    judgement: "unknown",
  },
  {
    what: "not Linux, another host",
    record: { ...notLinux, host: "rack" },
    asker: notLinux,
    sighting: "gone",
    judgement: "unknown",
  },
];

describe("judging an identity", () => {
  it.each(cases)("$what: $judgement", ({ record, asker, sighting, judgement }) => {
    expect(judgeFrom({ ...identity, ...record }, { ...identity, ...asker }, () => sighting)).toBe(
      judgement,
    );
  });
});

describe.skipIf(process.platform !== "linux")("identities of real processes (Linux: /proc)", () => {
  it("finds this process alive, and itself in what it wrote down", () => {
    const self = identifySelf();
    expect(judge(self)).toBe("alive");
    const read = identitySchema.parse(JSON.parse(JSON.stringify(self)));
    expect(sameProcess(read, self)).toBe(true);
    expect(identifyProcess(process.pid)).toEqual(self);
  });

  it("finds an ended process dead, and one that began at another time", () => {
    const { pid } = spawnSync(process.execPath, ["--version"]);
    expect(judge({ ...identifySelf(), pid })).toBe("dead");
    expect(identifyProcess(pid)).toBeUndefined();
    expect(judge({ ...identifySelf(), startTicks: 1 })).toBe("dead");
  });

  it("finds a zombie dead", async () => {
    // The shell becomes a sleep, which never asks how its child has ended. The child ends only after that: a shell
    // that is still itself would ask.
    const parent = spawn(
      "sh",
      ["-c", "exec 3<&0; sh -c 'read line' <&3 & echo $!; exec sleep 20"],
      {
        stdio: ["pipe", "pipe", "ignore"],
      },
    );
    try {
      const pid = Number(String(await once(parent.stdout, "data")));
      await vi.waitUntil(() => readStat(parent.pid ?? 0)?.command === "sleep", { timeout: 8_000 });
      parent.stdin.write("go\n");
      await vi.waitUntil(() => readStat(pid)?.state === "Z", { timeout: 8_000 });
      expect(identifyProcess(pid)).toBeUndefined();
      expect(judge({ ...identifySelf(), pid, startTicks: readStat(pid)?.startTicks ?? 0 })).toBe(
        "dead",
      );
    } finally {
      parent.kill("SIGKILL");
      await once(parent, "exit");
    }
  });
});

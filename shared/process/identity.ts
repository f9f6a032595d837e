import { readFileSync, readlinkSync } from "node:fs";
import { hostname } from "node:os";
import { z } from "zod";
import { systemErrorCode } from "../errors.ts";
import { hasEnded, readStat } from "./proc-stat.ts";

/**
 * Names one process beyond doubt: a pid alone is given to somebody else sooner or later. Null stands for what the
 * system does not tell.
 */
export const identitySchema = z.object({
  pid: z.number().int().positive(),
  /** Start of the process in clock ticks after boot. */
  startTicks: z.number().int().nonnegative().nullable(),
  /** Changes with every boot of the machine; containers share it. */
  bootId: z.string().nullable(),
  /** The world in which the pid means something. */
  pidNamespace: z.string().nullable(),
  /** The world in which a kernel lock is seen. */
  netNamespace: z.string().nullable(),
  host: z.string(),
});

export type ProcessIdentity = Readonly<z.infer<typeof identitySchema>>;

/** `dead` and `alive` are proven; `unknown` means: neither signal it nor take what it has. */
export type Judgement = "alive" | "dead" | "unknown";

/** What one can see of a pid: its start, that nobody has it, or that somebody has it who is hidden from us. */
export type Sighting = { readonly startTicks: number } | "gone" | "hidden";

/** The first pid namespace of every Linux kernel (PROC_PID_INIT_INO): outside of containers. */
const firstPidNamespace = "pid:[4026531836]";

/** Systems that have no namespaces: all processes of one host see each other. */
const noNamespaces = { bootId: null, pidNamespace: "none", netNamespace: "none" };

/** What all processes of one place have in common. */
export type Surroundings = Omit<ProcessIdentity, "pid" | "startTicks">;

/** Neither changes while a process lives. */
let surroundings: Surroundings | undefined;
let procIsOurs: boolean | undefined;

export function identifySelf(): ProcessIdentity {
  const startTicks = canReadProc() ? (readStat(process.pid)?.startTicks ?? null) : null;
  return { pid: process.pid, startTicks, ...readSurroundings() };
}

/**
 * A process seen from here and now. Ask right after the spawn: later the pid may be another's.
 * @returns undefined when it is gone or a zombie
 */
export function identifyProcess(pid: number): ProcessIdentity | undefined {
  const sighting = look(pid);
  if (sighting === "gone") return undefined;
  return {
    pid,
    startTicks: sighting === "hidden" ? null : sighting.startTicks,
    ...readSurroundings(),
  };
}

export function judge(identity: ProcessIdentity): Judgement {
  return judgeFrom(identity, readSurroundings(), look);
}

/** The judgement as a function of who asks and what can be seen; `judge` is the same for this process. */
export function judgeFrom(
  identity: ProcessIdentity,
  asker: Surroundings,
  lookAt: (pid: number) => Sighting,
): Judgement {
  if (identity.bootId !== asker.bootId) {
    // A host name stands for a machine only outside of containers: two pods of one name may live on two machines.
    const rebooted =
      identity.bootId !== null &&
      asker.bootId !== null &&
      identity.host === asker.host &&
      identity.pidNamespace === firstPidNamespace &&
      asker.pidNamespace === firstPidNamespace;
    return rebooted ? "dead" : "unknown";
  }
  // Without a boot id (not Linux) the host's name is all that tells one machine from another.
  if (identity.bootId === null && identity.host !== asker.host) return "unknown";
  if (identity.pidNamespace === null || identity.pidNamespace !== asker.pidNamespace)
    return "unknown";
  const sighting = lookAt(identity.pid);
  if (sighting === "gone") return "dead";
  if (sighting === "hidden" || identity.startTicks === null) return "unknown";
  return sighting.startTicks === identity.startTicks ? "alive" : "dead";
}

export function sameProcess(a: ProcessIdentity, b: ProcessIdentity): boolean {
  return (
    a.pid === b.pid &&
    a.startTicks === b.startTicks &&
    a.bootId === b.bootId &&
    a.pidNamespace === b.pidNamespace &&
    a.host === b.host
  );
}

function look(pid: number): Sighting {
  const stat = canReadProc() ? readStat(pid) : undefined;
  if (stat !== undefined) return hasEnded(stat) ? "gone" : { startTicks: stat.startTicks };
  // No entry is no proof: /proc may be absent or hide the processes of others (hidepid).
  try {
    process.kill(pid, 0);
    return "hidden";
  } catch (error) {
    return systemErrorCode(error) === "ESRCH" ? "gone" : "hidden";
  }
}

/** False without /proc and where it shows another pid namespace than ours (a container with the host's /proc). */
export function canReadProc(): boolean {
  procIsOurs ??= readOrNull(() => readlinkSync("/proc/self")) === String(process.pid);
  return procIsOurs;
}

function readSurroundings(): Surroundings {
  surroundings ??= {
    ...(process.platform === "linux" ? readLinuxSurroundings() : noNamespaces),
    host: hostname(),
  };
  return surroundings;
}

function readLinuxSurroundings(): Omit<Surroundings, "host"> {
  if (!canReadProc()) return { bootId: null, pidNamespace: null, netNamespace: null };
  return {
    bootId: readOrNull(() => readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim()),
    pidNamespace: readOrNull(() => readlinkSync("/proc/self/ns/pid")),
    netNamespace: readOrNull(() => readlinkSync("/proc/self/ns/net")),
  };
}

function readOrNull(read: () => string): string | null {
  try {
    return read();
  } catch {
    return null;
  }
}

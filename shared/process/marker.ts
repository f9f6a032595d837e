import { createHash } from "node:crypto";
import { readdirSync, readFileSync, realpathSync } from "node:fs";
import { resolve } from "node:path";
import { canReadProc, identifyProcess, identifySelf, type ProcessIdentity } from "./identity.ts";

/**
 * The environment variable of everything we start. Children inherit it through double forks and sessions of their
 * own, where parent and group no longer tell whose they are.
 */
export const markVariable = "TG_SUPERVISOR_MARK";

/**
 * Whose a process is. Its text: `<fleet>/<bot>/<owner pid>:<owner start ticks>:<owner pid namespace>`, and of an agent
 * and its tools also `/<session>:<process>`.
 */
export interface Mark {
  /** From `fleetId()`. */
  readonly fleet: string;
  readonly bot: string;
  /** The process that answers for it, usually the supervisor; numbers as in its identity. */
  readonly owner: MarkOwner;
  /** Tells one agent's tools from another's. A sweep of the whole bot does not look at it. */
  readonly agent?: MarkedAgent;
}

export interface MarkedAgent {
  readonly session: string;
  /** One life of the session's agent: every start has another. */
  readonly process: string;
}

export interface MarkOwner {
  readonly pid: number;
  readonly startTicks: number | null;
  readonly pidNamespace: string | null;
}

export interface MarkedProcess {
  readonly identity: ProcessIdentity;
  readonly mark: Mark;
}

export type MarkPredicate = (mark: Mark) => boolean;

/** One id for one state directory, whichever way its path is written. */
export function fleetId(stateDir: string): string {
  return createHash("sha256").update(canonical(stateDir)).digest("hex").slice(0, 16);
}

function canonical(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return resolve(path);
  }
}

/** The environment entry for a child: `{...process.env, ...markEnvironment(...)}`. */
export function markEnvironment(
  fleet: string,
  bot: string,
  owner: MarkOwner = identifySelf(),
): Readonly<Record<string, string>> {
  return { [markVariable]: formatMark({ fleet, bot, owner }) };
}

export function formatMark({ fleet, bot, owner, agent }: Mark): string {
  const ownerText = [owner.pid, owner.startTicks ?? "", owner.pidNamespace ?? ""].join(":");
  const parts = [fleet, bot, ownerText].map(escapePart);
  if (agent !== undefined) parts.push([agent.session, agent.process].map(escapeName).join(":"));
  return parts.join("/");
}

export function parseMark(text: string): Mark | undefined {
  const [fleetText, botText, ownerPart, agentText, ...more] = text.split("/");
  const [fleet, bot, ownerText] = [fleetText, botText, ownerPart].map((part) =>
    unescapePart(part ?? ""),
  );
  if (!fleet || !bot || !ownerText || more.length > 0) return undefined;
  const agent = agentText === undefined ? undefined : parseAgent(agentText);
  if (agentText !== undefined && agent === undefined) return undefined;
  const found = /^(\d+):(\d*):(.*)$/.exec(ownerText);
  if (found === null) return undefined;
  const [, pid = "", startTicks = "", pidNamespace = ""] = found;
  return {
    fleet,
    bot,
    owner: {
      pid: Number(pid),
      startTicks: startTicks === "" ? null : Number(startTicks),
      pidNamespace: pidNamespace === "" ? null : pidNamespace,
    },
    ...(agent === undefined ? {} : { agent }),
  };
}

function parseAgent(text: string): MarkedAgent | undefined {
  const [session, process, ...more] = text.split(":").map(unescapePart);
  return !session || !process || more.length > 0 ? undefined : { session, process };
}

export function isOwnedBy(mark: Mark, owner: MarkOwner): boolean {
  return (
    mark.owner.pid === owner.pid &&
    mark.owner.startTicks === owner.startTicks &&
    mark.owner.pidNamespace === owner.pidNamespace
  );
}

/**
 * All living processes whose mark fits, this one left out; empty where there is no /proc. Marks made in another pid
 * namespace are not looked at: a container with the same path for its state is another fleet.
 */
export function findMarked(predicate: MarkPredicate): MarkedProcess[] {
  if (!canReadProc()) return [];
  const { pidNamespace } = identifySelf();
  const found: MarkedProcess[] = [];
  for (const entry of readdirSync("/proc")) {
    const pid = Number(entry);
    if (!Number.isInteger(pid) || pid <= 1 || pid === process.pid) continue;
    const text = readMark(pid);
    if (text === undefined) continue;
    const mark = parseMark(text);
    if (mark === undefined || mark.owner.pidNamespace !== pidNamespace || !predicate(mark))
      continue;
    const identity = identifyProcess(pid);
    // Read again: the pid may have changed hands since the first reading, the identity not since the second.
    if (identity !== undefined && readMark(pid) === text) found.push({ identity, mark });
  }
  return found;
}

/** One variable of a process that carries our mark; of no other process. */
export function readMarkedVariable({ identity, mark }: MarkedProcess, name: string) {
  return readMark(identity.pid) === formatMark(mark) ? readVariable(identity.pid, name) : undefined;
}

/** Undefined also for processes that we may not look into. */
function readMark(pid: number): string | undefined {
  return readVariable(pid, markVariable);
}

function readVariable(pid: number, name: string): string | undefined {
  const needle = Buffer.from(`${name}=`);
  let environment: Buffer;
  try {
    environment = readFileSync(`/proc/${pid}/environ`);
  } catch {
    return undefined;
  }
  for (let at = environment.indexOf(needle); at >= 0; at = environment.indexOf(needle, at + 1)) {
    if (at > 0 && environment[at - 1] !== 0) continue;
    const end = environment.indexOf(0, at);
    return environment.toString("utf8", at + needle.length, end < 0 ? environment.length : end);
  }
  return undefined;
}

function escapePart(part: string): string {
  return part.replace(/[%/]/g, (char) => encodeURIComponent(char));
}

/** Beside the others a colon, which stands between the names. */
function escapeName(name: string): string {
  return escapePart(name).replaceAll(":", "%3A");
}

function unescapePart(part: string): string {
  return part.replaceAll("%2F", "/").replaceAll("%3A", ":").replaceAll("%25", "%");
}

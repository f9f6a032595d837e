import { lstat } from "node:fs/promises";
import { systemErrorCode } from "../../../../shared/errors.ts";
import { LogReader } from "../../../../shared/intake/update-log/log-reader.ts";
import { updateLogDir } from "../../../../shared/intake/update-log/open-log.ts";
import { describeHolder, readHolder } from "../../../../shared/polling-lock/holder-record.ts";
import { findLockPaths, lockName } from "../../../../shared/polling-lock/lock-name.ts";
import { findPollGuardHolder } from "../../../../shared/polling-lock/poll-guard.ts";
import { cleanupStaleLock } from "../../../../shared/polling-lock/stale-cleanup.ts";
import { judge } from "../../../../shared/process/identity.ts";
import type { FleetPicture } from "../../../control/contract/picture.ts";
import type { Finding, Patient } from "../finding.ts";

const check = "polling";
/** Telegram counts updates one by one; beyond this it began anew (after a week of silence it draws a number). */
const largestGap = 1_000;

/** Who may poll each token, who does, and whether somebody else takes updates away. */
export async function checkPolling(patient: Patient): Promise<Finding[]> {
  const { access, fleet } = patient;
  if (access === undefined) return [];
  const mainBotId = access.tokens.get("main")?.botId ?? 0;
  const findings: Finding[] = [];
  for (const botId of new Set([...access.tokens.values()].map((token) => token.botId))) {
    findings.push(...(await lockFindings(botId, mainBotId, patient)));
    const guard = findPollGuardHolder({ apiRoot: access.apiRoot, botId });
    const ours = fleet?.bots.some(({ pid }) => pid === guard?.pid) ?? false;
    if (guard !== undefined && !ours) {
      const who = `pid ${guard.pid} (${guard.command})`;
      const isSupervisor = guard.pid === fleet?.supervisor.pid;
      if (!isSupervisor)
        findings.push({ check, level: "ok", text: `Bot ${botId} is polled by ${who}.` });
    }
    findings.push(...(await gapFindings(botId, patient)));
  }
  return findings;
}

async function lockFindings(
  botId: number,
  mainBotId: number,
  { environment, fleet, clock, log }: Patient,
): Promise<Finding[]> {
  const { lockDir } = environment;
  const name = lockName(botId, mainBotId);
  const paths = await findLockPaths(lockDir, name);
  const file = await readHolder(paths.record, log, clock);
  const isThere = await exists(paths.lock);
  if (file.kind !== "read" && !isThere) {
    return [freeLock(name, botId, fleet)];
  }
  const clean = {
    text: `the stale lock ${paths.lock} is removed`,
    run: async () => void (await cleanupStaleLock({ lockDir, name, clock, log })),
  };
  if (file.kind !== "read") {
    const text = `${paths.lock} lies there without a record of its holder. It counts as stale when it has not been touched for 10 s.`;
    return [{ check, level: "warn", text, fix: clean }];
  }
  const who = describeHolder(file.value);
  const judgement = judge(file.value.identity);
  if (judgement === "dead") {
    const text = `The polling lock ${name} is that of a dead process (${who}). The next start removes it by itself.`;
    return [{ check, level: "warn", text, fix: clean }];
  }
  const seen = judgement === "alive" ? "" : " It cannot be seen from here whether it lives.";
  return [{ check, level: "ok", text: `The polling lock ${name} is held by ${who}.${seen}` }];
}

/** A free lock is well where nobody should poll; else who should, and what to do. */
function freeLock(name: string, botId: number, fleet: FleetPicture | undefined): Finding {
  const isFree = `The polling lock ${name} is free`;
  if (fleet === undefined) return { check, level: "ok", text: `${isFree}.` };
  const bots = fleet.bots.filter((bot) => bot.botId === botId);
  const [first] = bots.filter(({ state }) => state !== "down");
  if (first === undefined) {
    const names = bots.map((bot) => bot.name).join(", ");
    const next = bots.map((bot) => `npx tg-supervisor start ${bot.name}`).join(" or ");
    const text =
      names === ""
        ? `${isFree}: no bot of this token has run yet. If that lasts: npx tg-supervisor status`
        : `${isFree}: nobody polls bot ${botId}, because ${names} is down. Telegram keeps its updates for 24 h. Start it with: ${next}`;
    return { check, level: "warn", text };
  }
  const { name: bot, state, reason = "" } = first;
  const text =
    state === "ready"
      ? `${isFree} although ${bot} runs: somebody removed it, and its holder puts it back within 5 s. Ask doctor again; if it is still free: npx tg-supervisor restart ${bot}`
      : `${isFree}: ${bot} should poll bot ${botId} and is ${state} (${reason}). See: npx tg-supervisor logs ${bot}; try it now with: npx tg-supervisor start ${bot}`;
  return { check, level: "warn", text };
}

/** Updates that never came: with conflicts beside it, somebody else took them. */
async function gapFindings(botId: number, patient: Patient): Promise<Finding[]> {
  const { stateDir, fleet, clock, log } = patient;
  const reader = new LogReader({ dir: updateLogDir(stateDir, botId), clock, log });
  let last: number | undefined;
  let missing = 0;
  let newestGapAt = 0;
  for await (const { updateId, receivedAtMs } of reader.readFrom(0)) {
    const gap = last === undefined ? 0 : updateId - last - 1;
    if (gap > 0 && gap < largestGap) {
      missing += gap;
      newestGapAt = receivedAtMs;
    }
    last = updateId;
  }
  const conflicts = (fleet?.bots ?? [])
    .filter((bot) => bot.botId === botId)
    .reduce((sum, { errors }) => sum + (errors["conflict_poller"] ?? 0), 0);
  if (conflicts === 0) return [];
  const gaps =
    missing === 0
      ? "No update is missing in the log."
      : `${missing} updates are missing in the log, the last before ${new Date(newestGapAt).toISOString()}: that poller has them.`;
  return [
    {
      check,
      level: missing === 0 ? "warn" : "fail",
      text: `Another process polled bot ${botId}: ${conflicts} conflicts (409) in 24 h. ${gaps} Look for an old server, a laptop, a hosting panel, or revoke the token with @BotFather.`,
    },
  ];
}

async function exists(path: string): Promise<boolean> {
  try {
    await lstat(path);
    return true;
  } catch (error) {
    if (systemErrorCode(error) === "ENOENT") return false;
    throw error;
  }
}

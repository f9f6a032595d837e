import { errorMessage } from "../../../shared/errors.ts";
import { redact } from "../../../shared/redact.ts";
import { checkBots } from "./checks/bots.ts";
import { checkConfiguration } from "./checks/configuration.ts";
import { checkFolders } from "./checks/folders.ts";
import { checkPolling } from "./checks/polling.ts";
import { checkPrograms } from "./checks/programs.ts";
import { checkSupervisor } from "./checks/supervisor.ts";
import { checkTelegram } from "./checks/telegram.ts";
import type { Check, Finding, Patient } from "./finding.ts";

const checks: Readonly<Record<string, Check>> = {
  configuration: checkConfiguration,
  bots: checkBots,
  folders: checkFolders,
  supervisor: checkSupervisor,
  telegram: checkTelegram,
  polling: checkPolling,
  programs: checkPrograms,
};

/** All checks, in the order in which a person would ask. A check that breaks is a finding itself. */
export async function examine(patient: Patient): Promise<Finding[]> {
  const findings: Finding[] = [];
  for (const [name, check] of Object.entries(checks)) {
    try {
      findings.push(...(await check(patient)));
    } catch (error) {
      const text = `This could not be looked at: ${redact(errorMessage(error))}`;
      findings.push({ check: name, level: "fail", text });
    }
  }
  return findings;
}

/** Does what is safe about the findings. @returns what was done, or why not, one sentence each */
export async function treat(findings: readonly Finding[]): Promise<string[]> {
  const done: string[] = [];
  for (const { fix } of findings) {
    if (fix === undefined) continue;
    try {
      await fix.run();
      done.push(`Done: ${fix.text}.`);
    } catch (error) {
      done.push(`Not done: ${fix.text}: ${redact(errorMessage(error))}`);
    }
  }
  return done;
}

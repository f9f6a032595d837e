import { identifySelf, judge } from "../../../../shared/process/identity.ts";
import { findMarked, fleetId, type Mark } from "../../../../shared/process/marker.ts";
import { findProgram } from "../../../../shared/process/start/program.ts";
import { sweepOrphans } from "../../../fleet/orphan-sweep.ts";
import type { Finding, Patient } from "../finding.ts";

const check = "programs";

/** Whether the programs of command bots are there, and whether processes of an earlier fleet still run. */
export function checkPrograms(patient: Patient): Finding[] {
  return [...commandFindings(patient), ...leftOvers(patient)];
}

function commandFindings({ config, environment }: Patient): Finding[] {
  return (config?.bots ?? []).flatMap(({ name, command }): Finding[] => {
    if (command === undefined) return [];
    const path = command.env["PATH"] ?? environment.variables["PATH"];
    const found = findProgram(command.program, command.program.includes("/") ? "/" : path);
    return found === undefined
      ? [
          {
            check,
            level: "fail",
            text: `${name}: the program "${command.program}" is not there or not executable. Correct "command" in fleet.yaml, or install it.`,
          },
        ]
      : [{ check, level: "ok", text: `${name} runs ${found}.` }];
  });
}

/** What a dead supervisor left: the next start ends it, and so may we while none runs. */
function leftOvers({ stateDir, fleet, fleetTrouble, clock }: Patient): Finding[] {
  const own = fleetId(stateDir);
  const isOrphan = ({ fleet: of, owner }: Mark): boolean =>
    of === own && judge({ ...identifySelf(), ...owner }) === "dead";
  const found = findMarked(isOrphan);
  if (found.length === 0) return [];
  const whom = found.map(({ mark, identity }) => `${mark.bot} (pid ${identity.pid})`).join(", ");
  const text = `Left over by a supervisor that died: ${whom}.`;
  if (fleet !== undefined || fleetTrouble !== undefined) return [{ check, level: "warn", text }];
  const run = async (): Promise<void> => {
    const { problems } = await sweepOrphans({ fleet: own, recorded: undefined, clock });
    if (problems.length > 0) throw new Error(problems.join("; "));
  };
  return [{ check, level: "warn", text, fix: { text: `${whom} ended`, run } }];
}

import { parseArgs } from "node:util";
import { systemClock } from "../../../shared/clock.ts";
import { exitCode } from "../../../shared/exit-code.ts";
import { sessionsOf } from "../../control/contract/sessions.ts";
import { sessionTable } from "../../daemon/status/session-table.ts";
import { argumentsFor, stateDirHere } from "../arguments.ts";
import { runningFleet } from "./running-fleet.ts";

/** `tg-supervisor sessions`: what the agents of the fleet work on. @throws UsageError, OperationError */
export async function sessions(args: readonly string[]): Promise<number> {
  const { json } = argumentsFor("sessions [--json]", () => {
    const options = { json: { type: "boolean", default: false } } as const;
    return parseArgs({ args: [...args], options }).values;
  });
  const list = sessionsOf(await runningFleet(stateDirHere()));
  console.log(
    json
      ? JSON.stringify(list.sessions, null, 2)
      : (sessionTable(list, systemClock.now()) ?? "No sessions."),
  );
  return exitCode.clean;
}

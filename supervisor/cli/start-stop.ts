import { userInfo } from "node:os";
import { systemClock } from "../../shared/clock.ts";
import { readEnvironment } from "../../shared/config/environment.ts";
import { loadFleetConfig } from "../../shared/config/fleet-config.ts";
import { readFleetStatus } from "../../shared/contract/fleet-status.ts";
import { UsageError } from "../../shared/errors.ts";
import { exitCode } from "../../shared/exit-code.ts";
import { forgetStopped, rememberStopped } from "../../shared/lifecycle/desired-state.ts";
import { createLog } from "../../shared/logger.ts";
import { judge } from "../../shared/process/identity.ts";
import { giveOrder } from "../control/client.ts";

/** `tg-supervisor start <bot>`: the supervisor is to run it again; one that runs does so at once. */
export async function start(args: readonly string[]): Promise<number> {
  const { name, stateDir } = botOf(args, "start");
  const wasStopped = await forgetStopped(stateDir, name, systemClock);
  const running = await supervisorRuns(stateDir);
  // The file tells only of bots that somebody stopped; one that waits or was given up is started by order.
  if (running && !wasStopped) await giveOrder(stateDir, "start", { bot: name });
  console.log(
    wasStopped
      ? `${name}: to run again.`
      : `${name}: nobody had stopped it; started now if it does not run.`,
  );
  if (!running) console.log("No supervisor runs; it starts with the fleet: npm run supervisor");
  return exitCode.clean;
}

/** `tg-supervisor stop <bot>`: the supervisor stops it and keeps it down, also after its own restart. */
export async function stop(args: readonly string[]): Promise<number> {
  const { name, stateDir } = botOf(args, "stop");
  const since = new Date(systemClock.now()).toISOString();
  const by = `${userInfo().username} (tg-supervisor stop)`;
  const isNew = await rememberStopped(stateDir, name, { since, by, how: "stop" }, systemClock);
  console.log(isNew ? `${name}: to be stopped, and to stay down.` : `${name}: stopped already.`);
  if (!(await supervisorRuns(stateDir)))
    console.log("No supervisor runs; a bot that runs alone is stopped with: tg-supervisor close");
  return exitCode.clean;
}

function botOf(args: readonly string[], command: string): { name: string; stateDir: string } {
  const config = loadFleetConfig(readEnvironment(process.env, process.cwd()), process.cwd());
  const known = config.bots.map((bot) => bot.name);
  const [name, ...rest] = args;
  if (name === undefined || rest.length > 0)
    throw new UsageError(`Usage: tg-supervisor ${command} <bot>. Bots: ${known.join(", ")}.`);
  if (!known.includes(name))
    throw new UsageError(`There is no bot "${name}" in this fleet. It has: ${known.join(", ")}.`);
  return { name, stateDir: config.stateDir };
}

async function supervisorRuns(stateDir: string): Promise<boolean> {
  const log = createLog({
    label: "supervisor",
    level: "error",
    print: (line) => console.error(line),
  });
  const status = await readFleetStatus(stateDir, log);
  return status !== undefined && status.state !== "stopped" && judge(status.supervisor) !== "dead";
}

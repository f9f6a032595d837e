import { userInfo } from "node:os";
import { parseArgs } from "node:util";
import { systemClock } from "../../../shared/clock.ts";
import { exitCode } from "../../../shared/exit-code.ts";
import { forgetStopped, rememberStopped } from "../../../shared/lifecycle/desired-state.ts";
import { giveOrder, NoSupervisorError } from "../../control/client.ts";
import { argumentsFor, onlyOne, requireConfigured, stateDirHere } from "../arguments.ts";

/** `tg-supervisor start <bot>`: the supervisor is to run it again; without one, the next one will. */
export function start(args: readonly string[]): Promise<number> {
  return order("start", args, async (name, stateDir) => {
    const wasStopped = await forgetStopped(stateDir, name, systemClock);
    const said = wasStopped ? "to run again." : "nobody had stopped it.";
    return `${name}: ${said}\nNo supervisor runs; it starts with the fleet: npm run supervisor`;
  });
}

/** `tg-supervisor stop <bot>`: the supervisor stops it and keeps it down, also after its own restart. */
export function stop(args: readonly string[]): Promise<number> {
  return order("stop", args, async (name, stateDir, by) => {
    const since = new Date(systemClock.now()).toISOString();
    const isNew = await rememberStopped(stateDir, name, { since, by, how: "stop" }, systemClock);
    const said = isNew ? "to stay down." : "stopped already.";
    return `${name}: ${said}\nNo supervisor runs; a bot that runs alone is stopped with: tg-supervisor close`;
  });
}

/** `tg-supervisor restart <bot>`: resolves when the old process is gone and the new one is on its way. */
export function restart(args: readonly string[]): Promise<number> {
  return order("restart", args);
}

/** @param alone what is done without a supervisor; undefined: nothing can be */
async function order(
  name: "start" | "stop" | "restart",
  args: readonly string[],
  alone?: (bot: string, stateDir: string, by: string) => Promise<string>,
): Promise<number> {
  const { bot, json } = argumentsFor(`${name} <bot> [--json]`, () => {
    const options = { json: { type: "boolean", default: false } } as const;
    const { values, positionals } = parseArgs({ args: [...args], allowPositionals: true, options });
    return { bot: onlyOne(positionals, "a bot"), json: values.json };
  });
  const stateDir = stateDirHere();
  const by = `${userInfo().username} (tg-supervisor ${name})`;
  let said: string;
  try {
    ({ said } = await giveOrder(stateDir, name, { bot, by }, (words) => console.error(words)));
  } catch (error) {
    if (!(error instanceof NoSupervisorError) || alone === undefined) throw error;
    requireConfigured(bot);
    said = await alone(bot, stateDir, by);
  }
  console.log(json ? JSON.stringify({ bot, said }) : said);
  return exitCode.clean;
}

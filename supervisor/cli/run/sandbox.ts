import { parseArgs } from "node:util";
import { aborted } from "../../../shared/aborted.ts";
import { systemClock } from "../../../shared/clock.ts";
import { readEnvironment } from "../../../shared/config/environment.ts";
import { loadFleetConfig } from "../../../shared/config/fleet-config.ts";
import { printLine } from "../../../shared/console/console-output.ts";
import { errorMessage, UsageError } from "../../../shared/errors.ts";
import { exitCode } from "../../../shared/exit-code.ts";
import { createLog, guardStandardStreams } from "../../../shared/logger.ts";
import { StopSwitch, stopOnSignals } from "../../../shared/stop-switch.ts";
import { placeToOpen } from "../../daemon/banner.ts";
import { hostSandbox } from "../../daemon/sandbox-host.ts";

/** `tg-supervisor sandbox`: the embedded Bot API alone, in the foreground. A fleet started beside it uses it. */
export async function sandboxAlone(args: readonly string[]): Promise<number> {
  const config = loadFleetConfig(readEnvironment(process.env, process.cwd()), process.cwd());
  const port = readPort(args) ?? config.sandboxPort;
  const clock = systemClock;
  const log = createLog({ label: "sandbox", level: config.environment.logLevel });
  const stop = new StopSwitch(clock);
  guardStandardStreams(() => stop.pull("output_closed"));
  stopOnSignals(stop, () => process.exit(exitCode.unexpected));
  const sandbox = await hostSandbox({
    stateDir: config.stateDir,
    port,
    clock,
    random: Math.random,
    log,
  });
  try {
    if (!sandbox.ours) log.info("a sandbox already runs on this state directory");
    printLine(`Sandbox: ${placeToOpen(sandbox.door, process.stdout.isTTY)}`);
    if (!sandbox.ours) return exitCode.clean;
    await aborted(stop.signal);
    return exitCode.clean;
  } finally {
    await sandbox.close();
  }
}

function readPort(args: readonly string[]): number | undefined {
  try {
    const { values } = parseArgs({ args: [...args], options: { port: { type: "string" } } });
    if (values.port === undefined) return undefined;
    const port = Number(values.port);
    if (Number.isInteger(port) && port >= 0 && port <= 65_535) return port;
    throw new Error(`--port takes a number from 0 to 65535, not "${values.port}"`);
  } catch (error) {
    throw new UsageError(`${errorMessage(error)}. Usage: tg-supervisor sandbox [--port N]`);
  }
}

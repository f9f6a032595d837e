import { spawn } from "node:child_process";
import { once } from "node:events";
import { basename, dirname, extname } from "node:path";
import { fileURLToPath } from "node:url";
import { readEnvironment } from "../../../shared/config/environment.ts";
import { loadFleetConfig } from "../../../shared/config/fleet-config.ts";
import { UsageError } from "../../../shared/errors.ts";
import { exitCode } from "../../../shared/exit-code.ts";
import {
  resolveListenerRoot,
  supervisorListener,
} from "../../../shared/lifecycle/listener-root.ts";
import { wrapWithDeathSignal } from "../../../shared/process/start/death-signal.ts";
import { up } from "./up.ts";

const botEntry = fileURLToPath(
  new URL(`../../../bots/run-bot${extname(import.meta.url)}`, import.meta.url),
);
const handedOn = ["SIGTERM", "SIGINT", "SIGHUP"] as const;

/**
 * `tg-supervisor listen <bot | folder of a listener>`: one listener in the foreground, without a supervisor; the same as
 * `npm run bot -- <name>`. Hands on signals and the exit code.
 */
export async function listen(args: readonly string[]): Promise<number> {
  const [target, ...rest] = args;
  if (target === undefined || rest.length > 0)
    throw new UsageError("Usage: tg-supervisor listen <bot | folder of a listener>");
  const workingDir = process.cwd();
  const { stateDir } = loadFleetConfig(readEnvironment(process.env, workingDir), workingDir);
  const root = resolveListenerRoot(target, { stateDir, workingDir });
  const name = basename(root);
  if (name === supervisorListener) return up([]);
  // Killed by SIGKILL we cannot hand anything on; the bot then hears of our end by itself.
  const { file, args: words } = wrapWithDeathSignal(process.execPath, [
    ...process.execArgv,
    botEntry,
    name,
  ]);
  const child = spawn(file, words, {
    stdio: "inherit",
    env: { ...process.env, TG_STATE_DIR: dirname(dirname(root)) },
  });
  for (const signal of handedOn) process.on(signal, () => child.kill(signal));
  const [code]: unknown[] = await once(child, "exit");
  return typeof code === "number" ? code : exitCode.unexpected;
}

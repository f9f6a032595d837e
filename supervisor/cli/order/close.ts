import { existsSync } from "node:fs";
import { userInfo } from "node:os";
import { basename, dirname, join } from "node:path";
import { parseArgs } from "node:util";
import { systemClock } from "../../../shared/clock.ts";
import { OperationError } from "../../../shared/errors.ts";
import { exitCode } from "../../../shared/exit-code.ts";
import { closeListener } from "../../../shared/lifecycle/close-listener.ts";
import { rememberStopped } from "../../../shared/lifecycle/desired-state.ts";
import {
  resolveListenerRoot,
  supervisorListener,
} from "../../../shared/lifecycle/listener-root.ts";
import { type Holder, identityOf } from "../../../shared/lifecycle/records/lease.ts";
import { waitUntilGone } from "../../../shared/lifecycle/wait-until-gone.ts";
import { argumentsFor, onlyOne, requireConfigured, stateDirHere } from "../arguments.ts";

const usage = "close <bot | supervisor | folder of a listener> [--no-wait] [--json]";

/**
 * Stops a bot from outside, through its lifecycle files, and waits until its process is gone. A bot stays down until
 * `tg-supervisor start`; a closed supervisor is not remembered.
 * @throws UsageError, OperationError (nothing was ever started there; still running after 20 s)
 */
export async function close(args: readonly string[]): Promise<number> {
  const { target, wait, json } = readArguments(args);
  const stateDir = stateDirHere();
  const root = resolveListenerRoot(target, { stateDir, workingDir: process.cwd() });
  const name = basename(root);
  const isBot = name !== supervisorListener && dirname(root) === join(stateDir, "listeners");
  // A bot that is configured no more may have left one that runs.
  if (isBot && !existsSync(root)) requireConfigured(name);
  const by = `${userInfo().username} (tg-supervisor close)`;
  const { result, holder } = await closeListener({ root, by, clock: systemClock });
  if (isBot) {
    const since = new Date(systemClock.now()).toISOString();
    await rememberStopped(stateDir, name, { since, by, how: "close" }, systemClock);
  }
  const said = [result === "closed" ? `${name}: closed.` : `${name}: already closed.`];
  if (!json) console.log(said[0]);
  if (wait && holder !== undefined) {
    const end = await endOf(name, holder);
    said.push(end);
    if (!json) console.log(end);
  }
  if (json)
    console.log(
      JSON.stringify({ listener: name, result, pid: holder?.pid, said: said.join("\n") }),
    );
  return exitCode.clean;
}

/** Waits for it. @throws OperationError where it does not come */
async function endOf(name: string, holder: Holder): Promise<string> {
  const who = `${name}: its process (pid ${holder.pid})`;
  const end = await waitUntilGone(identityOf(holder), { clock: systemClock });
  if (end === "gone") return `${who} is gone.`;
  if (end === "unseen") return `${who} runs where it cannot be seen from here; it stops by itself.`;
  throw new OperationError(
    `${who} still runs after 20 s. See its log; tg-supervisor status says who restarts it.`,
  );
}

function readArguments(args: readonly string[]): { target: string; wait: boolean; json: boolean } {
  return argumentsFor(usage, () => {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        "no-wait": { type: "boolean", default: false },
        json: { type: "boolean", default: false },
      },
    });
    const target = onlyOne(positionals, "a bot");
    return { target, wait: !values["no-wait"], json: values.json };
  });
}

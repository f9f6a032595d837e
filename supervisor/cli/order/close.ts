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
import { argumentsFor, onlyOne, stateDirHere } from "../arguments.ts";

const usage = "close <bot | supervisor | folder of a listener> [--no-wait]";

/**
 * Stops a bot from outside, through its lifecycle files, and waits until its process is gone. A bot stays down until
 * `tg-supervisor start`; a closed supervisor is not remembered.
 * @throws UsageError, OperationError (nothing was ever started there; still running after 20 s)
 */
export async function close(args: readonly string[]): Promise<number> {
  const { target, wait } = readArguments(args);
  const stateDir = stateDirHere();
  const root = resolveListenerRoot(target, { stateDir, workingDir: process.cwd() });
  const by = `${userInfo().username} (tg-supervisor close)`;
  const { result, holder } = await closeListener({ root, by, clock: systemClock });
  const name = basename(root);
  if (name !== supervisorListener && dirname(root) === join(stateDir, "listeners")) {
    const since = new Date(systemClock.now()).toISOString();
    await rememberStopped(stateDir, name, { since, by, how: "close" }, systemClock);
  }
  console.log(result === "closed" ? `${name}: closed.` : `${name}: already closed.`);
  if (wait && holder !== undefined) await sayWhenGone(name, holder);
  return exitCode.clean;
}

async function sayWhenGone(name: string, holder: Holder): Promise<void> {
  switch (await waitUntilGone(identityOf(holder), { clock: systemClock })) {
    case "gone":
      console.log(`${name}: its process (pid ${holder.pid}) is gone.`);
      break;
    case "unseen":
      console.log(
        `${name}: its process (pid ${holder.pid}) runs where it cannot be seen from here; it stops by itself.`,
      );
      break;
    case "still_there":
      throw new OperationError(
        `${name}: its process (pid ${holder.pid}) still runs after 20 s. See its log; tg-supervisor status says who restarts it.`,
      );
  }
}

function readArguments(args: readonly string[]): { target: string; wait: boolean } {
  return argumentsFor(usage, () => {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: { "no-wait": { type: "boolean", default: false } },
    });
    return { target: onlyOne(positionals, "a bot"), wait: !values["no-wait"] };
  });
}

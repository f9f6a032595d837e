import { OperationError, UsageError } from "../../../shared/errors.ts";
import { exitCode } from "../../../shared/exit-code.ts";
import { readKey } from "../../../shared/http/key-file.ts";
import { pageAddress, pageTokenPath } from "../../control/contract/places.ts";
import { stateDirHere } from "../arguments.ts";
import { runningFleet } from "./running-fleet.ts";

/** `tg-supervisor page`: the address of the fleet's page, with its key. @throws OperationError where none is open */
export async function page(args: readonly string[]): Promise<number> {
  if (args.length > 0) throw new UsageError("Usage: tg-supervisor page");
  const stateDir = stateDirHere();
  const { pageUrl } = await runningFleet(stateDir);
  const token = await readKey(pageTokenPath(stateDir));
  if (pageUrl === undefined || token === undefined)
    throw new OperationError("The supervisor has not opened its page yet. Ask again in a moment.");
  console.log(pageAddress(pageUrl, token));
  return exitCode.clean;
}

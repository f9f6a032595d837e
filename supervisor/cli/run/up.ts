import { UsageError } from "../../../shared/errors.ts";
import { runSupervisor } from "../../daemon/run-supervisor.ts";

/** `tg-supervisor up`: runs the fleet in the foreground until it is stopped. */
export async function up(args: readonly string[]): Promise<number> {
  if (args.length > 0) throw new UsageError(`"up" takes no arguments, but got: ${args.join(" ")}`);
  return runSupervisor(process.env, process.cwd());
}

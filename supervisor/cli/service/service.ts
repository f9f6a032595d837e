import { existsSync } from "node:fs";
import { userInfo } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { errorMessage, UsageError } from "../../../shared/errors.ts";
import { exitCode } from "../../../shared/exit-code.ts";
import { serviceUnit } from "./service-unit.ts";

const usage = "Usage: tg-supervisor service print [--user]";

/** Main's ordered stop takes 15 s and the others' 5 s before it (design section 7); the rest is for files and lock. */
const stopDeadlineMs = 30_000;
/** A poll waits at most 50 s, and a conflict or flood makes it longer. */
const watchdogSeconds = 180;

/** `tg-supervisor service print`: the text of a systemd unit for this installation, on standard output. */
export async function service(args: readonly string[]): Promise<number> {
  const { user } = readArguments(args);
  const environmentFile = join(process.cwd(), ".env");
  const text = serviceUnit({
    description: "Telegram bots (tg-supervisor)",
    scope: user ? { kind: "user" } : { kind: "system", user: userInfo().username },
    nodePath: process.execPath,
    // From dist/supervisor/cli to the launcher, which builds nothing where there is nothing to build.
    entry: fileURLToPath(new URL("../../../../scripts/tg-supervisor.mjs", import.meta.url)),
    args: ["up"],
    workingDirectory: process.cwd(),
    environmentFile: existsSync(environmentFile) ? environmentFile : undefined,
    environment: sharedSettings(),
    path: process.env["PATH"] ?? "/usr/local/bin:/usr/bin:/bin",
    stopDeadlineMs,
    watchdogSeconds,
  });
  process.stdout.write(text);
  return exitCode.clean;
}

/** Without them the service would look for state and lock elsewhere than the operator's commands do. */
function sharedSettings(): Record<string, string> {
  const names = ["TG_STATE_DIR", "TELEGRAM_LOCK_DIR", "TELEGRAM_API_ROOT"];
  const given = names.map((name) => [name, process.env[name]] as const);
  return Object.fromEntries(
    given.filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}

function readArguments(args: readonly string[]): { user: boolean } {
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: { user: { type: "boolean", default: false } },
    });
    if (positionals.length !== 1 || positionals[0] !== "print")
      throw new Error("what to do is missing");
    return { user: values.user };
  } catch (error) {
    throw new UsageError(`${errorMessage(error)}. ${usage}`);
  }
}

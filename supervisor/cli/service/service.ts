import { existsSync, readFileSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { homedir, userInfo } from "node:os";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { OperationError, systemErrorCode } from "../../../shared/errors.ts";
import { exitCode } from "../../../shared/exit-code.ts";
import { writeFileAtomic } from "../../../shared/storage/atomic-file.ts";
import { argumentsFor, onlyOne } from "../arguments.ts";
import { serviceUnit } from "./service-unit.ts";

const usage = "service print|install [--user] [--to FOLDER] [--force]";
const unitName = "tg-supervisor.service";

/** Main's ordered stop takes 15 s and the others' 5 s before it (design section 7); the rest is for files and lock. */
const stopDeadlineMs = 30_000;
/** A poll waits at most 50 s, and a conflict or flood makes it longer. */
const watchdogSeconds = 180;

/**
 * `tg-supervisor service print`: the text of a systemd unit for this installation. `install`: the same as a file where
 * systemd looks for it; it is started by the person who asked.
 */
export async function service(args: readonly string[]): Promise<number> {
  const { verb, user, folder, force } = argumentsFor(usage, () => readArguments(args));
  const text = unitText(user);
  if (verb === "print") process.stdout.write(text);
  else await install(join(folder, unitName), text, user, force);
  return exitCode.clean;
}

function unitText(user: boolean): string {
  const environmentFile = join(process.cwd(), ".env");
  return serviceUnit({
    description: "Telegram bots (tg-supervisor)",
    scope: user ? { kind: "user" } : { kind: "system", user: userInfo().username },
    nodePath: process.execPath,
    // From dist/supervisor/cli/service to the launcher, which builds nothing where there is nothing to build.
    entry: fileURLToPath(new URL("../../../../scripts/tg-supervisor.mjs", import.meta.url)),
    args: ["up"],
    workingDirectory: process.cwd(),
    environmentFile: existsSync(environmentFile) ? environmentFile : undefined,
    environment: sharedSettings(),
    path: process.env["PATH"] ?? "/usr/local/bin:/usr/bin:/bin",
    stopDeadlineMs,
    watchdogSeconds,
  });
}

/** @throws OperationError where another unit lies there already, or this user may not write there */
async function install(path: string, text: string, user: boolean, force: boolean): Promise<void> {
  if (existsSync(path) && readFileSync(path, "utf8") !== text && !force) {
    throw new OperationError(
      `${path} is there already and says something else. Look at it, then: tg-supervisor service install --force`,
    );
  }
  try {
    await mkdir(dirname(path), { recursive: true });
    await writeFileAtomic(path, text, { mode: 0o644 });
  } catch (error) {
    throw new OperationError(
      `${path} cannot be written (${systemErrorCode(error) ?? String(error)}). Run it with sudo, or for your own services: tg-supervisor service install --user`,
      { cause: error },
    );
  }
  const systemctl = user ? "systemctl --user" : "systemctl";
  console.log(`${path} is written. Now:\n  ${systemctl} daemon-reload`);
  console.log(`  ${systemctl} enable --now ${unitName}`);
  // Without it the services of a user end with the user's last session.
  if (user) console.log(`  loginctl enable-linger ${userInfo().username}`);
}

/** Without them the service would look for state and lock elsewhere than the operator's commands do. */
function sharedSettings(): Record<string, string> {
  const names = ["TG_STATE_DIR", "TELEGRAM_LOCK_DIR", "TELEGRAM_API_ROOT"];
  const given = names.map((name) => [name, process.env[name]] as const);
  return Object.fromEntries(
    given.filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}

function readArguments(args: readonly string[]) {
  const flag = { type: "boolean", default: false } as const;
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: { user: flag, force: flag, to: { type: "string" } },
  });
  const verb = onlyOne(positionals, "print or install");
  if (verb !== "print" && verb !== "install") throw new Error(`there is no "${verb}"`);
  const usual = values.user ? join(homedir(), ".config/systemd/user") : "/etc/systemd/system";
  return { verb, user: values.user, force: values.force, folder: resolve(values.to ?? usual) };
}

import { mkdir, readFile, realpath } from "node:fs/promises";
import { dirname, join } from "node:path";
import { z } from "zod";
import type { Cancel, Clock } from "../clock.ts";
import { ConfigurationError, OperationError, systemErrorCode } from "../errors.ts";
import type { Log } from "../logger.ts";
import { writeFileAtomic } from "../storage/atomic-file.ts";
import { parseYaml, stringifyYaml } from "../storage/yaml-file.ts";
import { instantSchema } from "./records/listener-state.ts";
import { withRootLock } from "./root-lock.ts";
import { watchFiles } from "./watch-files.ts";

const stoppedBotSchema = z.strictObject({
  since: instantSchema,
  /** Who said so, in words. */
  by: z.string(),
  /** `close` through the lifecycle files, `stop` through the supervisor. */
  how: z.enum(["close", "stop"]),
});

const desiredStateSchema = z.strictObject({
  version: z.literal(1),
  /** Names that no bot has (any more) stay: the bot may come back. */
  stopped: z.record(z.string().min(1), stoppedBotSchema),
});

/** A bot that an operator wants down until somebody starts it again. */
export type StoppedBot = Readonly<z.infer<typeof stoppedBotSchema>>;

/** The bots that an operator stopped or closed, by name; all others are to run. */
export type StoppedBots = ReadonlyMap<string, StoppedBot>;

const fileName = "desired.yaml";
/** Where no file events come, `start` and `stop` are heard this late. */
const slowCheckMs = 2_000;
const heading =
  "# Bots that an operator wants down, and nothing else; docs/lifecycle-files.md.\n# Back up: tg-supervisor start <bot>\n";

function desiredStateFile(stateDir: string): string {
  return join(stateDir, "supervisor", fileName);
}

/**
 * Nothing is stopped where there is no file.
 * @throws ConfigurationError naming file, line and field. The file stays where it is: without it, bots that were
 * closed would start
 */
export async function readDesiredState(stateDir: string): Promise<StoppedBots> {
  const path = desiredStateFile(stateDir);
  let text: string;
  try {
    text = await readFile(path, "utf8");
  } catch (error) {
    if (systemErrorCode(error) === "ENOENT") return new Map();
    throw new OperationError(
      `${path} cannot be read (${systemErrorCode(error) ?? String(error)}). Make it readable for this user.`,
      { cause: error },
    );
  }
  return new Map(Object.entries(parseYaml(text, desiredStateSchema, path).stopped));
}

/**
 * Remembers that a bot is to stay down; on the disk when it resolves.
 * @returns false when it was down already, with its first since and by
 */
export async function rememberStopped(
  stateDir: string,
  name: string,
  stopped: StoppedBot,
  clock: Clock,
): Promise<boolean> {
  return await change(stateDir, clock, (bots) => {
    if (bots.has(name)) return undefined;
    return new Map([...bots, [name, stopped]]);
  });
}

/** The bot is to run again. Returns false when nobody had stopped it. */
export async function forgetStopped(
  stateDir: string,
  name: string,
  clock: Clock,
): Promise<boolean> {
  return await change(stateDir, clock, (bots) => {
    if (!bots.has(name)) return undefined;
    return new Map([...bots].filter(([other]) => other !== name));
  });
}

async function change(
  stateDir: string,
  clock: Clock,
  next: (bots: StoppedBots) => StoppedBots | undefined,
): Promise<boolean> {
  const path = desiredStateFile(stateDir);
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  return await withRootLock(await realpath(dirname(path)), clock, async () => {
    const changed = next(await readDesiredState(stateDir));
    if (changed === undefined) return false;
    const value = { version: 1, stopped: Object.fromEntries(changed) };
    // Readable for others, because an operator may be root; the folder lets nobody else in.
    await writeFileAtomic(path, heading + stringifyYaml(desiredStateSchema.parse(value)), {
      mode: 0o644,
    });
    return true;
  });
}

export interface DesiredStateWatch {
  readonly stateDir: string;
  readonly clock: Clock;
  readonly log: Log;
  /** Called with the whole state when it is another one than before; never for a file that cannot be used. */
  readonly onChange: (bots: StoppedBots) => void;
}

/**
 * Reads the state, then follows it. A file that breaks while it is followed is logged as an error and the last good
 * state stays in force.
 * @throws as {@link readDesiredState}, for the first reading
 */
export async function followDesiredState(
  watch: DesiredStateWatch,
): Promise<{ readonly bots: StoppedBots; readonly end: Cancel }> {
  const { stateDir, clock, log, onChange } = watch;
  const folder = dirname(desiredStateFile(stateDir));
  await mkdir(folder, { recursive: true, mode: 0o700 });
  let ended = false;
  let seen = "";
  let lastProblem: string | undefined;
  /** One reading after the other, so that an old state never follows a new one. */
  let queue = Promise.resolve();

  const look = async (): Promise<void> => {
    try {
      const bots = await readDesiredState(stateDir);
      lastProblem = undefined;
      const text = JSON.stringify([...bots]);
      if (ended || text === seen) return;
      seen = text;
      onChange(bots);
    } catch (error) {
      const problem = error instanceof ConfigurationError ? error.message : String(error);
      if (ended || problem === lastProblem) return;
      lastProblem = problem;
      log.error("the desired state cannot be read; the last one stays in force", { problem });
    }
  };
  const endWatch = watchFiles({
    folder,
    names: [fileName],
    slowCheckMs,
    clock,
    log,
    onChange: () => {
      queue = queue.then(look);
    },
  });
  try {
    // After the watch began, so that no change falls between the two.
    const bots = await readDesiredState(stateDir);
    seen = JSON.stringify([...bots]);
    return {
      bots,
      end() {
        ended = true;
        endWatch();
      },
    };
  } catch (error) {
    endWatch();
    throw error;
  }
}

import { spawn } from "node:child_process";
import { tmpdir } from "node:os";
import { stripVTControlCharacters } from "node:util";
import type { Clock } from "../../../../shared/clock.ts";
import { identifyProcess } from "../../../../shared/process/identity.ts";
import { terminateTree } from "../../../../shared/process/terminate.ts";

export interface VersionQuestion {
  readonly file: string;
  /** All that the program gets. */
  readonly environment: Readonly<Record<string, string>>;
  readonly withinMs: number;
  readonly clock: Clock;
}

/** Nobody's version is longer; what floods is not read to its end. */
const longestAnswer = 100;

/**
 * The first line that a program says to `--version`, however it ends afterwards. Undefined where it says none in time.
 * A program that still runs then is ended with its tree.
 */
export async function askVersion(question: VersionQuestion): Promise<string | undefined> {
  const { file, environment, withinMs, clock } = question;
  const child = spawn(file, ["--version"], {
    cwd: tmpdir(),
    env: environment,
    detached: true,
    stdio: ["ignore", "pipe", "ignore"],
  });
  const identity = child.pid === undefined ? undefined : identifyProcess(child.pid);
  let text = "";
  const answered = new Promise<void>((resolve) => {
    child.stdout.setEncoding("utf8").on("data", (piece: string) => {
      text += piece;
      if (text.trimStart().includes("\n") || text.length > 10 * longestAnswer) resolve();
    });
    child.once("error", () => {
      resolve();
    });
    child.once("close", () => {
      resolve();
    });
  });
  const enough = new AbortController();
  await Promise.race([answered, clock.sleep(withinMs, enough.signal).catch(() => undefined)]);
  enough.abort();
  child.stdout.destroy();
  if (identity !== undefined) await terminateTree({ identity, graceMs: 0, clock });
  const [line = ""] = text.trim().split("\n");
  return stripVTControlCharacters(line).trim().slice(0, longestAnswer) || undefined;
}

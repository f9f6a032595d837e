import { readFile } from "node:fs/promises";
import type { z } from "zod";
import { type Clock, systemClock } from "../clock.ts";
import { ConfigurationError, errorMessage, systemErrorCode } from "../errors.ts";
import type { Log } from "../logger.ts";
import { redact } from "../redact.ts";
import { setAside } from "./set-aside.ts";

export type JsonFile<Value> =
  | { readonly kind: "absent" }
  | { readonly kind: "read"; readonly value: Value }
  /** What was wrong, in words; and where the file is now, or undefined if somebody else moved it first. */
  | { readonly kind: "broken"; readonly problem: string; readonly movedTo: string | undefined };

/**
 * Reads a state file. One that is not JSON, or not what the schema says, is set aside and logged as an error: what was
 * wrong, which file, where it went.
 * @throws ConfigurationError where the system refuses the reading (permissions, a failing disk); the file stays
 */
export async function inspectJsonFile<Value>(
  path: string,
  schema: z.ZodType<Value>,
  log: Log,
  clock: Clock = systemClock,
): Promise<JsonFile<Value>> {
  let text: string;
  try {
    text = await readFile(path, "utf8");
  } catch (error) {
    const code = systemErrorCode(error);
    if (code === "ENOENT") return { kind: "absent" };
    if (code === "EISDIR") return putAway(path, "it is a folder", log, clock);
    throw new ConfigurationError(
      `${path} cannot be read (${code ?? errorMessage(error)}). Make it readable for this user.`,
      { cause: error },
    );
  }
  let content: unknown;
  try {
    content = JSON.parse(text);
  } catch (error) {
    return putAway(path, redact(errorMessage(error)), log, clock);
  }
  const checked = schema.safeParse(content);
  if (checked.success) return { kind: "read", value: checked.data };
  return putAway(path, describeIssues(checked.error), log, clock);
}

/** The file's value; undefined where there is none, or it was broken and is now set aside (and logged). */
export async function readJsonFile<Value>(
  path: string,
  schema: z.ZodType<Value>,
  log: Log,
  clock: Clock = systemClock,
): Promise<Value | undefined> {
  const file = await inspectJsonFile(path, schema, log, clock);
  return file.kind === "read" ? file.value : undefined;
}

async function putAway(
  path: string,
  problem: string,
  log: Log,
  clock: Clock,
): Promise<{ kind: "broken"; problem: string; movedTo: string | undefined }> {
  let movedTo: string | undefined;
  try {
    movedTo = await setAside(path, clock);
  } catch (error) {
    if (systemErrorCode(error) !== "ENOENT") throw error;
  }
  log.error("state file is broken and was set aside", { file: path, problem, movedTo });
  return { kind: "broken", problem, movedTo };
}

function describeIssues(error: z.ZodError): string {
  return error.issues
    .map((issue) =>
      issue.path.length === 0 ? issue.message : `${issue.path.join(".")}: ${issue.message}`,
    )
    .join("; ");
}

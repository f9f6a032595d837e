import { readFileSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { z } from "zod";
import type { Clock } from "../clock.ts";
import type { Log } from "../logger.ts";
import { identitySchema } from "../process/identity.ts";
import { writeFileAtomic } from "../storage/atomic-file.ts";
import { inspectJsonFile, type JsonFile } from "../storage/json-file.ts";

const holderSchema = z.object({
  version: z.literal(1),
  identity: identitySchema,
  botId: z.int(),
  /** When the lock was taken (ISO 8601, UTC). */
  since: z.string(),
  /** Of the holder's polling; until it polls, the last one its predecessor is known to have had. */
  epoch: z.int().nonnegative(),
  /** One tenure of the lock: whoever reads another nonce than its own has lost it. */
  nonce: z.string().min(1),
  /** Who: `supervisor`, `bot main`, ... */
  label: z.string(),
});

export type HolderRecord = Readonly<z.infer<typeof holderSchema>>;

/** Readable by all: another user who is refused shall learn by whom. There is nothing secret in it. */
const mode = 0o644;

function encode(record: HolderRecord): string {
  return `${JSON.stringify(record, null, 2)}\n`;
}

/** A record that is not what we write is set aside: it must stop nobody for ever. */
export function readHolder(path: string, log: Log, clock: Clock): Promise<JsonFile<HolderRecord>> {
  return inspectJsonFile(path, holderSchema, log, clock);
}

export async function writeHolder(path: string, record: HolderRecord): Promise<void> {
  await writeFileAtomic(path, encode(record), { mode });
}

/** The same where no record may lie yet. @throws the system's error, `EEXIST` where one does */
export async function addHolder(path: string, record: HolderRecord): Promise<void> {
  await writeFile(path, encode(record), { flag: "wx", mode });
}

/**
 * Whose record lies there, without any effect: for the moments before something is removed, also while the process
 * exits. Undefined when there is none, or none that can be understood.
 */
export function nonceOnDisk(path: string): string | undefined {
  try {
    return holderSchema.parse(JSON.parse(readFileSync(path, "utf8"))).nonce;
  } catch {
    return undefined;
  }
}

/** `supervisor, pid 123 on host box, since 2026-01-01T00:00:00.000Z` */
export function describeHolder(holder: HolderRecord): string {
  const { identity, label, since } = holder;
  return `${label}, pid ${identity.pid} on host ${identity.host}, since ${since}`;
}

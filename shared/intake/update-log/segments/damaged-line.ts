import { errorMessage, systemErrorCode } from "../../../errors.ts";
import type { Log } from "../../../logger.ts";
import type { LogStorage } from "./log-storage.ts";

/**
 * Copies bytes that are no record to a file of their own beside the segment and says so. The segment stays as it is:
 * others read it. Readers of several processes may meet the same line; the first one copies it.
 */
export async function keepDamagedLine(
  storage: LogStorage,
  log: Log,
  damage: { readonly segment: string; readonly line: number; readonly text: string; why: string },
): Promise<void> {
  const copy = `${damage.segment}.line-${damage.line}.damaged`;
  const facts = { file: `${storage.place}/${damage.segment}`, line: damage.line, why: damage.why };
  try {
    await keepBytes(storage, copy, Buffer.from(damage.text));
    log.error("A line of the update log is damaged; it was copied aside and is skipped.", {
      ...facts,
      copy,
    });
  } catch (error) {
    if (systemErrorCode(error) === "EEXIST") {
      log.warn("A line of the update log is damaged; its copy stands aside since earlier.", {
        ...facts,
        copy,
      });
      return;
    }
    log.error("A line of the update log is damaged and skipped; it could not be copied aside.", {
      ...facts,
      cause: errorMessage(error),
    });
  }
}

/** Keeps the half line that a writer left when it died; the name says where it stood. */
export async function keepTornBytes(
  storage: LogStorage,
  segment: string,
  position: number,
  bytes: Uint8Array,
): Promise<string> {
  for (let number = 1; ; number += 1) {
    const name = `${segment}.at-${position}-${number}.torn`;
    try {
      await keepBytes(storage, name, bytes);
      return name;
    } catch (error) {
      if (systemErrorCode(error) !== "EEXIST") throw error;
    }
  }
}

async function keepBytes(storage: LogStorage, name: string, bytes: Uint8Array): Promise<void> {
  const file = await storage.create(name);
  try {
    await file.append(bytes);
    await file.sync();
  } finally {
    await file.close();
  }
}

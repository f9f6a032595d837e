import { mkdir, realpath } from "node:fs/promises";
import { dirname, join } from "node:path";
import { z } from "zod";
import type { Clock } from "../clock.ts";
import { withRootLock } from "../lifecycle/root-lock.ts";
import type { Log } from "../logger.ts";
import { writeFileAtomic } from "../storage/atomic-file.ts";
import { readJsonFile } from "../storage/json-file.ts";

/** Times are epoch milliseconds of the wall clock: the one who makes a code and the one who takes it are two processes. */
export const accessSchema = z.strictObject({
  version: z.literal(1),
  codes: z.array(z.strictObject({ salt: z.string(), hash: z.string(), expiresAtMs: z.number() })),
  people: z.array(
    z.strictObject({
      id: z.int(),
      /** As Telegram had it then. For lists only: names are not unique and change. */
      name: z.string(),
      pairedAtMs: z.number(),
    }),
  ),
});

export type AccessRecord = Readonly<z.infer<typeof accessSchema>>;

const nobody: AccessRecord = { version: 1, codes: [], people: [] };

/** Who was let into a bot by a pairing code, and the codes that wait. */
export function accessPath(stateDir: string, bot: string): string {
  return join(stateDir, "access", `${bot}.json`);
}

/**
 * Changes the file, alone among all processes of this machine; on the disk when it resolves. A file that cannot be
 * understood is set aside (and logged), and nobody is in any more.
 * @param next gives the new record, or undefined to leave all as it is
 * @throws the system's error, OperationError when somebody keeps the lock for 10 s
 */
export async function changeAccess(
  path: string,
  { clock, log }: { readonly clock: Clock; readonly log: Log },
  next: (record: AccessRecord) => AccessRecord | undefined,
): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  await withRootLock(await realpath(dirname(path)), clock, async () => {
    const changed = next(await readAccess(path, { clock, log }));
    if (changed !== undefined) await writeFileAtomic(path, `${JSON.stringify(changed)}\n`);
  });
}

/** @throws ConfigurationError where the system refuses the reading */
export async function readAccess(
  path: string,
  { clock, log }: { readonly clock: Clock; readonly log: Log },
): Promise<AccessRecord> {
  return (await readJsonFile(path, accessSchema, log, clock)) ?? nobody;
}

import { tmpdir } from "node:os";
import { join } from "node:path";
import { z } from "zod";
import { fleetId } from "../../shared/process/marker.ts";

/** What can be asked of a running supervisor, by name. Server and client read the same table. */
export const orders = {
  /** Runs a bot now that waits or was given up. */
  start: z.strictObject({ bot: z.string() }),
  dead_letter: z.strictObject({ bot: z.string(), order: z.enum(["retry", "drop"]), seq: z.int() }),
} as const;

export type OrderName = keyof typeof orders;
export type Order<N extends OrderName> = z.infer<(typeof orders)[N]>;

export const refusalSchema = z.object({ error: z.string() });

/** The kernel's limit for the path of a unix socket (sockaddr_un: 108 bytes with the final zero). */
const longestSocketPath = 107;

/** The supervisor's door for commands. Its folder is its owner's alone, and so is the socket. */
export function controlSocketPath(stateDir: string): string {
  const usual = join(stateDir, "supervisor", "control.sock");
  if (Buffer.byteLength(usual) <= longestSocketPath) return usual;
  return join(
    tmpdir(),
    `tg-supervisor-${process.getuid?.() ?? 0}-${fleetId(stateDir)}`,
    "control.sock",
  );
}

import { realpathSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import type { Clock } from "../../shared/clock.ts";
import {
  findSandbox,
  type SandboxDoor,
  sandboxDir,
  sandboxKeyPath,
  writeSandboxAddress,
} from "../../shared/config/sandbox-address.ts";
import { OperationError } from "../../shared/errors.ts";
import { openKey } from "../../shared/http/key-file.ts";
import type { Log } from "../../shared/logger.ts";
import { identifySelf } from "../../shared/process/identity.ts";
import { type KernelLock, tryBind } from "../../shared/process/kernel-lock.ts";

/** How long another process may take between taking the sandbox's folder and telling its address. */
const addressWaitMs = 5_000;
const lookAgainMs = 50;

export interface SandboxHost {
  readonly door: SandboxDoor;
  /** False where another process runs the sandbox of this state directory and we only use it. */
  readonly ours: boolean;
  close(): Promise<void>;
}

export interface SandboxHostOptions {
  readonly stateDir: string;
  /** Tried first; a free one is taken where it is in use. */
  readonly port: number;
  readonly clock: Clock;
  readonly random: () => number;
  readonly log: Log;
}

/**
 * The sandbox of a state directory: started here, or the one that already runs there. Its files have one writer.
 * @throws OperationError when another process has the folder but does not answer
 */
export async function hostSandbox(options: SandboxHostOptions): Promise<SandboxHost> {
  const { stateDir, port, clock, random, log } = options;
  const dir = sandboxDir(stateDir);
  await mkdir(dir, { recursive: true, mode: 0o700 });
  const ownership = await tryBind(`sandbox ${realpathSync(dir)}`, { clock });
  if (ownership === undefined)
    return { door: await doorOfOther(options), ours: false, close: async () => undefined };
  try {
    // Loaded only where it is needed: a fleet with tokens takes over from a dead one in less time.
    const { startSandbox } = await import("../sandbox/sandbox.ts");
    // Before the address: whoever finds that finds the key.
    const key = await openKey(sandboxKeyPath(stateDir), log);
    const sandbox = await startSandbox({ dir, port, key, clock, random, log });
    await writeSandboxAddress(stateDir, sandbox.url, identifySelf());
    return {
      door: { url: sandbox.url, key },
      ours: true,
      close: () => closeBoth(sandbox, ownership),
    };
  } catch (error) {
    await ownership.release();
    throw error;
  }
}

async function closeBoth(
  sandbox: { close(): Promise<void> },
  ownership: KernelLock,
): Promise<void> {
  try {
    await sandbox.close();
  } finally {
    await ownership.release();
  }
}

async function doorOfOther({ stateDir, clock, log }: SandboxHostOptions): Promise<SandboxDoor> {
  const giveUpAtMs = clock.monotonic() + addressWaitMs;
  for (;;) {
    const door = await findSandbox(stateDir, log);
    if (door !== undefined) return door;
    if (clock.monotonic() >= giveUpAtMs) {
      throw new OperationError(
        `Another process uses ${sandboxDir(stateDir)} but tells no address or key. End it, or set TG_STATE_DIR to another folder.`,
      );
    }
    await clock.sleep(lookAgainMs);
  }
}

import { createHash } from "node:crypto";
import { connect, createServer, type ListenOptions, type Server, type Socket } from "node:net";
import { backoffMs } from "../backoff.ts";
import { type Clock, systemClock } from "../clock.ts";
import { OperationError, systemErrorCode } from "../errors.ts";

/** An exclusive right that the kernel takes back the moment its process ends, however it ends. */
export interface KernelLock {
  /** Resolves when another process can have it; calling it again returns the same promise. */
  release(): Promise<void>;
}

export interface KernelLockOptions {
  readonly clock?: Clock;
  /** Tests only: where a Linux machine shall do as another system does. */
  readonly platform?: NodeJS.Platform;
}

/** A connection that never ended would be a bug of the system; then we look again this often. */
const netMs = 30_000;
/** How soon to knock again at a holder that is frozen and whose queue of waiters is full. */
const knockAgainMs = 500;
/** Not Linux: a living holder says its name at once; so long a silence is a stranger's (or a frozen holder's). */
const greetingMs = 5_000;

/**
 * Takes the right if nobody has it.
 *
 * Linux: an abstract unix socket. It has no file, so nothing can be stale or cleaned away; it is seen by all users of
 * one network namespace. Node opens it close-on-exec: children, also detached ones, do not inherit it.
 * Elsewhere: a listening port of 127.0.0.1 made from the name, which the kernel frees just as well.
 * @returns undefined while somebody else has it
 */
export async function tryBind(
  name: string,
  options: KernelLockOptions = {},
): Promise<KernelLock | undefined> {
  let released: Promise<void> | undefined;
  const waiters = new Set<Socket>();
  const greeting = greetingOf(name);
  const server = createServer((waiter) => {
    // A waiter stays connected until we end; that is all it wants. It never writes: whoever does is no waiter.
    waiters.add(waiter);
    waiter.unref();
    if (released !== undefined) waiter.destroy();
    waiter.on("error", () => {});
    waiter.on("close", () => waiters.delete(waiter));
    waiter.on("data", () => waiter.destroy());
    waiter.write(greeting);
  });
  try {
    await listen(server, kernelLockAddress(name, options.platform));
  } catch (error) {
    if (systemErrorCode(error) === "EADDRINUSE") return undefined;
    throw error;
  }
  server.unref();
  return {
    release() {
      released ??= new Promise((resolve) => {
        server.close(() => {
          resolve();
        });
        // After the close: a waiter that wakes up finds the name free.
        for (const waiter of waiters) waiter.destroy();
      });
      return released;
    },
  };
}

/**
 * Resolves when the right became free, or right away if nobody has it. Sleeps in the kernel: it is connected to the
 * holder and woken by the end of that connection. Others may be woken too, so try to bind, and wait again.
 * @throws the signal's reason; OperationError where a program that is not ours sits on the port (never on Linux)
 */
export async function waitUntilFree(
  name: string,
  signal: AbortSignal,
  options: KernelLockOptions = {},
): Promise<void> {
  const clock = options.clock ?? systemClock;
  for (;;) {
    signal.throwIfAborted();
    const visit = await visitHolder(name, signal, clock, options.platform);
    if (visit === "free") return;
    if (visit === "crowded") await clock.sleep(knockAgainMs, signal);
  }
}

/** Takes the right, waiting as long as somebody else has it. `onWait` is called once, before the first wait. */
export async function bindWhenFree(
  name: string,
  signal: AbortSignal,
  options: KernelLockOptions & {
    readonly random?: () => number;
    readonly onWait?: () => void;
  } = {},
): Promise<KernelLock> {
  const clock = options.clock ?? systemClock;
  const random = options.random ?? Math.random;
  for (let round = 0; ; round += 1) {
    signal.throwIfAborted();
    const lock = await tryBind(name, options);
    if (lock !== undefined) return lock;
    if (round === 0) options.onWait?.();
    const startedMs = clock.monotonic();
    await waitUntilFree(name, signal, options);
    // One free name wakes all waiters and all but one come back here; somebody who hangs up on us would make us spin.
    if (clock.monotonic() - startedMs > 1_000) round = 1;
    else if (round > 2)
      await clock.sleep(backoffMs({ baseMs: 2, capMs: 250 }, round - 3, random), signal);
  }
}

/** `again` after a long time without news: the caller looks anew. */
type Visit = "free" | "crowded" | "again";

function visitHolder(
  name: string,
  signal: AbortSignal,
  clock: Clock,
  platform?: NodeJS.Platform,
): Promise<Visit> {
  return new Promise((resolve, reject) => {
    const address = kernelLockAddress(name, platform);
    const greeting = greetingOf(name);
    let heard = "";
    const socket = "path" in address ? connect(address) : connect(address);
    const finish = (end: () => void): void => {
      for (const cancel of [cancelNet, cancelGreeting]) cancel();
      signal.removeEventListener("abort", onAbort);
      socket.destroy();
      end();
    };
    const onAbort = (): void => {
      finish(() => {
        reject(abortReason(signal));
      });
    };
    const stranger = (): void => {
      finish(() => {
        reject(strangerError(address));
      });
    };
    const cancelNet = clock.schedule(netMs, () => {
      finish(() => {
        resolve("again");
      });
    });
    const cancelGreeting = "path" in address ? () => {} : clock.schedule(greetingMs, stranger);
    signal.addEventListener("abort", onAbort, { once: true });
    socket.on("data", (chunk) => {
      heard += chunk.toString("latin1").slice(0, greeting.length + 1 - heard.length);
      if (!greeting.startsWith(heard)) stranger();
      else if (heard === greeting) cancelGreeting();
    });
    socket.on("error", (error) => {
      const code = systemErrorCode(error);
      finish(() => {
        // EAGAIN: the holder is too frozen to answer its door, and the queue before it is full.
        if (code === "EAGAIN") resolve("crowded");
        // Refused: nobody listens. Reset: the holder ended while we stood in the queue.
        else if (code === "ECONNREFUSED" || code === "ECONNRESET" || code === "EPIPE")
          resolve("free");
        else reject(error);
      });
    });
    socket.on("close", () => {
      finish(() => {
        resolve("free");
      });
    });
  });
}

function listen(server: Server, address: ListenOptions): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen({ ...address, exclusive: true }, () => {
      server.removeListener("error", reject);
      // A failed accept (no descriptors left) must neither end the process nor cost the right.
      server.on("error", () => {});
      resolve();
    });
  });
}

function greetingOf(name: string): string {
  return `tg-supervisor ${hashOf(name)}\n`;
}

function hashOf(name: string): string {
  return createHash("sha256").update(name).digest("hex").slice(0, 32);
}

type Address = { readonly path: string } | { readonly host: string; readonly port: number };

/** A socket name has room for 107 bytes and says nothing to others, hence the hash. */
export function kernelLockAddress(
  name: string,
  platform: NodeJS.Platform = process.platform,
): Address {
  const hash = hashOf(name);
  if (platform === "linux") return { path: `\0tg-supervisor-${hash}` };
  // Below the ports that systems hand out by themselves (Linux from 32768, others from 49152).
  return { host: "127.0.0.1", port: 20_000 + (Number.parseInt(hash.slice(0, 8), 16) % 12_000) };
}

function abortReason(signal: AbortSignal): Error {
  return signal.reason instanceof Error ? signal.reason : new Error(String(signal.reason));
}

function strangerError(address: Address): OperationError {
  return new OperationError(
    `Port ${"port" in address ? address.port : "?"} of 127.0.0.1 stands for a lock of ours but is used by another program ` +
      "(or by a holder that hangs). End that program, or give it another port.",
  );
}

import type { BotMessage } from "../../../shared/contract/ipc.ts";
import type {
  BotProcess,
  BotProcessEvents,
  ChildPorts,
} from "../../../supervisor/fleet/process/ports.ts";

/** The world of one bot, played by the test. Process number n has the pid 100 + n. */
export class FakeBot {
  /** What the child asked of the world, in order. */
  readonly calls: string[] = [];
  /** Pids that the process leaves behind. */
  leftBehind: readonly number[] = [];
  /** Why what it left behind could not be ended. */
  sweepError: Error | undefined;
  spawnError: Error | undefined;
  /** Its event loop no longer turns: it answers nothing. */
  hangs = false;
  /** How the lock answers: `waits` until the attempt is abandoned. */
  lock: "held" | "free" | "waits" = "free";
  private events: BotProcessEvents | undefined;
  private spawned = 0;
  private finishSweep: (() => void) | undefined;
  /** The test ends the sweeps itself. */
  slowSweep = false;
  /** False: a foreign program, which answers nothing. */
  hasChannel = true;

  readonly ports: ChildPorts;

  constructor(options: { readonly needsLock: boolean } = { needsLock: false }) {
    this.ports = {
      spawn: (events) => this.spawn(events),
      sweep: () => this.sweep(),
      acquireLock: options.needsLock ? (signal) => this.acquireLock(signal) : undefined,
    };
  }

  say(message: BotMessage | { readonly type: "unheard of" }): void {
    this.events?.message(message);
  }

  /** The first words of a bot that does its work. */
  becomeReady(): void {
    this.say({ type: "hello", stopDeadlineMs: 15_000, botId: 4711 });
    this.say({ type: "polling", report: { state: "polling" } });
    this.say({ type: "ready" });
  }

  /** Ends the present process, and lets the look for its rest finish. */
  async exit(code: number | null, signal: string | null = null): Promise<void> {
    this.events?.exited({ code, signal });
    await settle();
  }

  async fail(message: string): Promise<void> {
    this.events?.failed(new Error(message));
    await settle();
  }

  async sweepDone(): Promise<void> {
    this.finishSweep?.();
    await settle();
  }

  /** Messages and exits of the process that is now the present one, for the time after it was replaced. */
  get presentEvents(): BotProcessEvents | undefined {
    return this.events;
  }

  private spawn(events: BotProcessEvents): BotProcess {
    this.calls.push("spawn");
    if (this.spawnError !== undefined) throw this.spawnError;
    this.spawned += 1;
    this.events = events;
    return {
      pid: 100 + this.spawned,
      identity: undefined,
      hasChannel: this.hasChannel,
      askToStop: (reason) => this.calls.push(`ask to stop: ${reason}`),
      tell: (message) => {
        this.calls.push(message.type);
        if (message.type === "ping" && !this.hangs)
          this.say({ type: "pong", sequence: message.sequence });
      },
      kill: () => {
        this.calls.push("kill");
        return Promise.resolve();
      },
      release: () => this.calls.push("release"),
    };
  }

  private async sweep(): Promise<readonly number[]> {
    this.calls.push("sweep");
    if (this.slowSweep) await new Promise<void>((resolve) => (this.finishSweep = resolve));
    if (this.sweepError !== undefined) throw this.sweepError;
    return this.leftBehind;
  }

  private async acquireLock(signal: AbortSignal): Promise<void> {
    this.calls.push("acquire lock");
    if (this.lock === "held") throw new Error("the polling lock is held by pid 7");
    if (this.lock === "waits") {
      await new Promise((_resolve, reject) => {
        signal.addEventListener("abort", () => {
          this.calls.push("lock attempt abandoned");
          reject(new Error("aborted"));
        });
      });
    }
  }
}

/** Lets all promise reactions that are ready run. */
export async function settle(): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve));
}

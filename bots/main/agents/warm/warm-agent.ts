import { mkdir, rmdir } from "node:fs/promises";
import { join } from "node:path";
import { backoffMs } from "../../../../shared/backoff.ts";
import type { Cancel, Clock } from "../../../../shared/clock.ts";
import { errorMessage } from "../../../../shared/errors.ts";
import type { Log } from "../../../../shared/logger.ts";
import type { AgentDriver, AgentProcess, AgentStart } from "../port.ts";

/** What a prepared agent is: only a session that wants exactly this can have it. */
export interface WarmKind {
  readonly agent: string;
  readonly persona: string;
  readonly model: string | undefined;
}

export interface TakenAgent {
  /** `idle`, or `starting` and soon so; nobody listens to it any more. */
  readonly process: AgentProcess;
  /** The name of its folder under the sessions root: the id of the session that gets it. */
  readonly folderId: string;
}

export interface WarmAgentOptions {
  readonly kind: WarmKind;
  readonly driver: AgentDriver;
  readonly systemPrompt: string | undefined;
  readonly sessionsRoot: string;
  /** A new one for each process; names its folder. */
  readonly newFolderId: () => string;
  /** The mark of the session with this id. */
  readonly environmentFor: (folderId: string) => Readonly<Record<string, string>>;
  /** Default: what this machine, or this container, can still give. */
  readonly freeMemoryMb?: () => number;
  readonly minFreeMb: number;
  readonly clock: Clock;
  readonly random: () => number;
  readonly log: Log;
}

/** The one who was taken, and the first turn in it, come first. */
const nextAfterMs = 3_000;
/** How often memory is looked at. */
const lookEveryMs = 30_000;
/** One that has not answered by then is given up. */
const startWithinMs = 60_000;
const retry = { baseMs: 5_000, capMs: 10 * 60_000 };
/** Nobody has said anything to it, so it has nothing to finish. */
const unusedGraceMs = 2_000;

/** `resting`: none is kept now, and a timer will look again. */
type Phase = "closed" | "resting" | "preparing" | "kept";

interface Kept {
  readonly process: AgentProcess;
  readonly folderId: string;
  readonly preparedMs: number;
  readonly unsubscribe: () => void;
}

/** Keeps one prepared agent, so that a first message does not wait for a start. */
export class WarmAgent {
  private readonly options: WarmAgentOptions;
  private phase: Phase = "closed";
  private kept: Kept | undefined;
  private failures = 0;
  private cancelTimer: Cancel = () => undefined;
  private work: Promise<void> = Promise.resolve();

  constructor(options: WarmAgentOptions) {
    this.options = options;
  }

  open(): void {
    if (this.phase === "closed") this.rest(0);
  }

  /** @returns undefined where none of this kind is ready, or starting */
  take(wanted: WarmKind): TakenAgent | undefined {
    const { kept } = this;
    if (kept === undefined || !isSame(wanted, this.options.kind)) return undefined;
    const { process, folderId } = kept;
    if (process.state !== "idle" && process.state !== "starting") return undefined;
    this.letGo();
    this.rest(nextAfterMs);
    return { process, folderId };
  }

  /** Ends the one that is kept. Resolves when it is gone. */
  async close(graceMs = unusedGraceMs): Promise<void> {
    this.phase = "closed";
    this.cancelTimer();
    await this.work;
    await this.discard(graceMs);
  }

  private rest(ms: number): void {
    this.phase = "resting";
    this.lookIn(ms);
  }

  private lookIn(ms: number): void {
    this.cancelTimer();
    this.cancelTimer = this.options.clock.schedule(ms, () => {
      this.work = this.work
        .then(() => this.look())
        .catch((error: unknown) => {
          this.failed(errorMessage(error));
        });
    });
  }

  private async look(): Promise<void> {
    if (this.phase === "closed") return;
    const { freeMemoryMb = availableMb, minFreeMb, driver, clock, log } = this.options;
    if (freeMemoryMb() < minFreeMb) {
      if (this.kept !== undefined) log.info("memory is short: no agent is kept prepared");
      await this.discard(unusedGraceMs);
      if (!this.isClosed()) this.rest(lookEveryMs);
    } else if (this.kept === undefined) {
      // What is missing is told where an agent is wanted.
      if (driver.missing() === undefined) await this.prepare();
      else this.rest(lookEveryMs);
    } else if (
      this.kept.process.state === "starting" &&
      clock.monotonic() - this.kept.preparedMs >= startWithinMs
    ) {
      await this.discard(unusedGraceMs);
      this.failed(`it was not ready within ${startWithinMs / 1_000} s`);
    } else {
      this.lookIn(lookEveryMs);
    }
  }

  private async prepare(): Promise<void> {
    const { options } = this;
    this.phase = "preparing";
    const folderId = options.newFolderId();
    const folder = join(options.sessionsRoot, folderId);
    await mkdir(folder, { recursive: true, mode: 0o700 });
    if (this.isClosed()) return removeEmpty(folder);
    const process = options.driver.start(this.startIn(folder, folderId));
    this.phase = "kept";
    const preparedMs = options.clock.monotonic();
    const unsubscribe = process.subscribe((event) => {
      if (event.kind === "ready") this.failures = 0;
      if (event.kind !== "exit") return;
      this.letGo();
      this.work = this.work.then(() => removeEmpty(folder));
      if (!this.isClosed()) this.failed(event.detail || event.cause);
    });
    this.kept = { process, folderId, preparedMs, unsubscribe };
    this.lookIn(lookEveryMs);
  }

  private startIn(folder: string, folderId: string): AgentStart {
    const { kind, systemPrompt, environmentFor } = this.options;
    return {
      folder,
      ...(kind.model === undefined ? {} : { model: kind.model }),
      ...(systemPrompt === undefined ? {} : { systemPrompt }),
      environment: environmentFor(folderId),
    };
  }

  /** Read anew after a wait. */
  private isClosed(): boolean {
    return this.phase === "closed";
  }

  private letGo(): Kept | undefined {
    const { kept } = this;
    kept?.unsubscribe();
    this.kept = undefined;
    return kept;
  }

  private async discard(graceMs: number): Promise<void> {
    const kept = this.letGo();
    if (kept === undefined) return;
    await kept.process.stop(graceMs);
    await removeEmpty(join(this.options.sessionsRoot, kept.folderId));
  }

  private failed(why: string): void {
    if (this.isClosed()) return;
    const { log, random } = this.options;
    const ms = backoffMs(retry, this.failures, random);
    this.failures += 1;
    log.warn("no agent could be kept prepared", { why, nextTryInMs: ms });
    this.rest(ms);
  }
}

function isSame(a: WarmKind, b: WarmKind): boolean {
  return a.agent === b.agent && a.persona === b.persona && a.model === b.model;
}

function availableMb(): number {
  return process.availableMemory() / 2 ** 20;
}

/** Whatever somebody put into it stays. */
async function removeEmpty(folder: string): Promise<void> {
  await rmdir(folder).catch(() => undefined);
}

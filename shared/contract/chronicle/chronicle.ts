import { closeSync, fstatSync, mkdirSync, openSync, renameSync, writeSync } from "node:fs";
import { dirname } from "node:path";
import type { Cancel, Clock } from "../../clock.ts";
import { errorMessage } from "../../errors.ts";
import type { Log } from "../../logger.ts";
import { identifySelf } from "../../process/identity.ts";
import { type ChronicleLine, encodeLine, olderChroniclePath } from "./chronicle-line.ts";

export interface ChronicleOptions {
  /** `chroniclePath(...)`. */
  readonly path: string;
  readonly clock: Clock;
  readonly log: Log;
  /** Size at which the file is begun anew; one older file is kept. */
  readonly limitBytes?: number;
}

/** About 40,000 updates with an answer each, in both files. */
const usualLimitBytes = 4 * 1024 * 1024;
/** Handlers that take less are told by one line. The end of the process may cost what was said within it. */
const gatherMs = 100;

/**
 * What became of each update and why each message was sent, for `explain` alone: nothing else depends on it, and a disk
 * that refuses loses lines of it and holds nothing up. One file of bounded size for each bot, and one older.
 */
export class Chronicle {
  private readonly options: ChronicleOptions;
  private text = "";
  private left: number[] = [];
  /** When the handlers that run began, by update. */
  private readonly running = new Map<number, number>();
  /** Those of which that is written down. */
  private readonly told = new Set<number>();
  private readonly life: string;
  private descriptor: number | undefined;
  private bytes = 0;
  private isSoon = false;
  private hasTrouble = false;
  private isClosed = false;
  private cancelTimer: Cancel | undefined;

  constructor(options: ChronicleOptions) {
    this.options = options;
    this.life = encodeLine({ t: "life", at: options.clock.now(), process: identifySelf() });
    // The process before may have died in the middle of a line.
    this.text = `\n${this.life}`;
    this.write();
  }

  /** Survives the end of the process as soon as the event loop has turned. */
  note(line: ChronicleLine): void {
    this.text += encodeLine(line);
    if (this.isSoon || this.isClosed) return;
    this.isSoon = true;
    setImmediate(() => {
      this.isSoon = false;
      this.flush();
    });
  }

  /** The update is not for this bot. */
  leave(update: number): void {
    this.left.push(update);
    this.later();
  }

  /** A handler begins. */
  begin(update: number): void {
    this.running.set(update, this.options.clock.now());
    this.later();
  }

  /** Its attempt is over. @param error where it did not go well */
  end(update: number, attempt: number, error?: string): void {
    const now = this.options.clock.now();
    const ms = now - (this.running.get(update) ?? now);
    this.running.delete(update);
    this.told.delete(update);
    // Written by hand: it is said of every update.
    const more =
      (attempt === 1 ? "" : `,"attempt":${attempt}`) +
      (error === undefined ? "" : `,"error":${JSON.stringify(error)}`);
    this.text += `{"t":"ended","at":${now},"u":${update},"ms":${ms}${more}}\n`;
    this.later();
  }

  /** Writes what was said; what is said from now on is not. */
  close(): void {
    if (this.isClosed) return;
    this.flush();
    this.isClosed = true;
    this.cancelTimer?.();
    if (this.descriptor !== undefined) closeSync(this.descriptor);
    this.descriptor = undefined;
  }

  private later(): void {
    if (this.isClosed) return;
    this.cancelTimer ??= this.options.clock.schedule(gatherMs, () => {
      this.cancelTimer = undefined;
      this.flush();
    });
  }

  private flush(): void {
    if (this.isClosed) return;
    this.tellRunning();
    if (this.left.length > 0) {
      const at = this.options.clock.now();
      this.text += encodeLine({ t: "left", at, u: this.left.splice(0) });
    }
    this.write();
  }

  /** Of those that run, each once. */
  private tellRunning(): void {
    const now = this.options.clock.now();
    for (const [update, began] of this.running) {
      if (this.told.has(update)) continue;
      if (now - began < gatherMs) this.later();
      else {
        this.text += encodeLine({ t: "began", at: began, u: update });
        this.told.add(update);
      }
    }
  }

  private write(): void {
    // Behind the half line that a full disk may have left.
    const text = this.hasTrouble && this.text !== "" ? `\n${this.text}` : this.text;
    this.text = "";
    if (text === "") return;
    try {
      this.append(text);
      if (this.hasTrouble) this.options.log.info("What becomes of updates is written down again.");
      this.hasTrouble = false;
    } catch (error) {
      if (!this.hasTrouble)
        this.options.log.warn(
          "What becomes of updates cannot be written down; explain will lack it.",
          {
            file: this.options.path,
            cause: errorMessage(error),
          },
        );
      this.hasTrouble = true;
    }
  }

  private append(text: string): void {
    const { path, limitBytes = usualLimitBytes } = this.options;
    this.descriptor ??= this.opened();
    const bytes = Buffer.from(text);
    for (let done = 0; done < bytes.byteLength; ) done += writeSync(this.descriptor, bytes, done);
    this.bytes += bytes.byteLength;
    if (this.bytes < limitBytes) return;
    closeSync(this.descriptor);
    this.descriptor = undefined;
    renameSync(path, olderChroniclePath(path));
    this.text = this.life;
  }

  private opened(): number {
    const { path } = this.options;
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    const descriptor = openSync(path, "a", 0o600);
    this.bytes = fstatSync(descriptor).size;
    return descriptor;
  }
}

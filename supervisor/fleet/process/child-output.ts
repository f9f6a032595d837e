import type { Readable } from "node:stream";
import { StringDecoder } from "node:string_decoder";
import type { Cancel, Clock } from "../../../shared/clock.ts";
import type { Log } from "../../../shared/logger.ts";
import { redact } from "../../../shared/redact.ts";

export interface ChildOutputOptions {
  readonly name: string;
  /** Labelled with the child's name. */
  readonly log: Log;
  /** Takes the lines that are log lines of the child already. */
  readonly print: (line: string) => void;
  readonly clock: Clock;
}

/** A longer line is cut: a program that never ends its line must not fill our memory. */
export const maxLineChars = 64 * 1024;

/**
 * What one stream of a child may cost us per second. Beyond it the stream rests until the second is over, so that a
 * child that floods is slowed down by its full pipe, and neither our CPU nor the log disk pays for it.
 */
export const maxBytesPerSecond = 1024 * 1024;

/** Turns chunks into lines; characters split between chunks stay whole. */
export class LineSplitter {
  private readonly decoder = new StringDecoder("utf8");
  private readonly emit: (line: string) => void;
  private rest = "";
  private cut = false;

  constructor(emit: (line: string) => void) {
    this.emit = emit;
  }

  write(chunk: Buffer): void {
    this.take(this.decoder.write(chunk));
  }

  /** The half line that a dying program left. */
  end(): void {
    this.take(this.decoder.end());
    if (this.rest !== "") this.take("\n");
  }

  private take(text: string): void {
    const lines = (this.rest + text).split("\n");
    this.rest = lines.pop() ?? "";
    for (const line of lines) {
      if (this.cut) this.cut = false;
      else this.emit(shorten(line.endsWith("\r") ? line.slice(0, -1) : line));
    }
    if (this.rest.length <= maxLineChars) return;
    // Shown now; what still comes of this line is dropped at its end.
    if (!this.cut) this.emit(shorten(this.rest));
    this.cut = true;
    this.rest = "";
  }
}

function shorten(line: string): string {
  return line.length <= maxLineChars ? line : `${line.slice(0, maxLineChars)} ... (line cut)`;
}

/**
 * Reads one stream of a child. Its own log lines (and the indented lines of their stack traces) are passed on as they
 * are; anything else is logged under the child's name. Returns the end of it: what is still in the pipe is read
 * for at most `graceMs`, then the stream is closed, because a stranger may hold its other end for ever.
 */
export function readOutput(
  stream: Readable,
  level: "info" | "warn",
  { name, log, print, clock }: ChildOutputOptions,
): (graceMs: number) => void {
  const ownLine = new RegExp(
    `^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z [A-Z]+ +\\[${escapePattern(name)}\\] `,
  );
  let inOwnRecord = false;
  const splitter = new LineSplitter((line) => {
    inOwnRecord = ownLine.test(line) || (inOwnRecord && /^\s/.test(line));
    if (inOwnRecord) print(redact(line));
    else if (line.trim() !== "") log[level](line);
  });

  let windowBytes = 0;
  let windowStartMs = clock.monotonic();
  let cancelRest: Cancel | undefined;
  let cancelGrace: Cancel | undefined;
  stream.on("data", (chunk: Buffer) => {
    splitter.write(chunk);
    const nowMs = clock.monotonic();
    if (nowMs - windowStartMs >= 1_000) {
      windowStartMs = nowMs;
      windowBytes = 0;
    }
    windowBytes += chunk.length;
    if (windowBytes <= maxBytesPerSecond) return;
    stream.pause();
    cancelRest = clock.schedule(windowStartMs + 1_000 - nowMs, () => {
      stream.resume();
    });
  });
  stream.on("error", (error) => {
    log.warn("its output could not be read", { error });
  });
  stream.once("close", () => {
    cancelRest?.();
    cancelGrace?.();
    splitter.end();
  });
  return (graceMs) => {
    if (stream.closed) return;
    cancelGrace = clock.schedule(graceMs, () => {
      stream.destroy();
    });
  };
}

function escapePattern(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}

import type { Writable } from "node:stream";

/** A terminal after Ctrl-S, a dead ssh, a pager: so much is kept for whoever does not read. The log files have it all. */
const mostWaitingBytes = 1_000_000;
/** At the end of a program that runs for long; a reader that lives takes its last lines in a fraction of it. */
const lastWordsMs = 300;

/** Lines for a stream that may not be read: what waits is bounded, what is left out is counted and told. */
export class BoundedOutput {
  private readonly stream: Writable;
  private leftOut = 0;

  constructor(stream: Writable) {
    this.stream = stream;
  }

  /** The text may have several lines; none of it is written where too much waits. */
  print(text: string): void {
    // Once one is left out, all are until the stream has drained: the gap stands where its count is told.
    if (this.leftOut === 0 && this.stream.writableLength <= mostWaitingBytes) {
      this.stream.write(`${text}\n`);
      return;
    }
    if (this.leftOut === 0) this.stream.once("drain", this.tellLeftOut.bind(this));
    this.leftOut += text.split("\n").length;
  }

  private tellLeftOut(): void {
    const lines = this.leftOut;
    this.leftOut = 0;
    this.print(
      `${lines} lines were left out here: nobody read this output. The log files have them.`,
    );
  }
}

let standardOutput: BoundedOutput | undefined;
let mayWait = true;

/** The one way to standard output for whatever runs for long: it never waits for a reader. */
export function printLine(text: string): void {
  standardOutput ??= new BoundedOutput(process.stdout);
  standardOutput.print(text);
}

/**
 * From now on no write to standard output or error waits for its reader. Node makes those to a terminal synchronous: after
 * Ctrl-S the next line would hold up the event loop for as long as a person likes, and with it every bot.
 */
export function unblockConsole(): void {
  mayWait = false;
  for (const stream of [process.stdout, process.stderr]) {
    // No public way leads there. Files have no such handle: their writes stay as they are.
    const handle: unknown = Reflect.get(stream, "_handle");
    if (canUnblock(handle)) handle.setBlocking(false);
  }
}

function canUnblock(handle: unknown): handle is { setBlocking(blocking: boolean): unknown } {
  return (
    typeof handle === "object" &&
    handle !== null &&
    "setBlocking" in handle &&
    typeof handle.setBlocking === "function"
  );
}

/**
 * Before `process.exit`, which loses what still waits. Resolves when all is written; where `unblockConsole` was called,
 * 0.3 s later at most.
 */
export async function flushConsole(): Promise<void> {
  const waiting = [process.stdout, process.stderr].filter((stream) => stream.writableLength > 0);
  if (waiting.length === 0) return;
  const flushed = Promise.all(waiting.map(written));
  if (mayWait) {
    await flushed;
    return;
  }
  let timer: NodeJS.Timeout | undefined;
  const enough = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, lastWordsMs);
  });
  await Promise.race([flushed, enough]);
  clearTimeout(timer);
}

/** Also resolves where the stream is broken: nobody will read it then. */
function written(stream: Writable): Promise<void> {
  return new Promise((resolve) => {
    stream.write("", () => {
      resolve();
    });
  });
}

import { Dispatcher, type DispatcherOptions } from "../../shared/dispatch/dispatcher.ts";
import type { UpdateHandler } from "../../shared/dispatch/handling.ts";
import type { DeadLetter, DeadLetters } from "../../shared/intake/cursor/dead-letters.ts";
import type { FileCursor } from "../../shared/intake/cursor/file-cursor.ts";
import { openCursor } from "../../shared/intake/cursor/open-cursor.ts";
import { AppendBell } from "../../shared/intake/update-log/append-bell.ts";
import type { LogWriter } from "../../shared/intake/update-log/log-writer.ts";
import type { Update } from "../../shared/telegram/bot-api.ts";
import { MemoryCursorFile } from "../intake/cursor/memory-cursor-file.ts";
import { LogBench, never } from "../intake/update-log/log-bench.ts";

/** Dead letters that outlive the process of the test. */
class MemoryDeadLetters implements DeadLetters {
  readonly letters: DeadLetter[] = [];
  fault: Error | undefined;

  list(): readonly DeadLetter[] {
    return this.letters;
  }

  add(letter: DeadLetter): Promise<void> {
    if (this.fault !== undefined) return Promise.reject(this.fault);
    if (this.letters.every(({ seq }) => seq !== letter.seq)) this.letters.push(letter);
    return Promise.resolve();
  }

  remove(seq: number): Promise<boolean> {
    const at = this.letters.findIndex((letter) => letter.seq === seq);
    if (at >= 0) this.letters.splice(at, 1);
    return Promise.resolve(at >= 0);
  }
}

export interface Life {
  readonly dispatcher: Dispatcher;
  readonly cursor: FileCursor;
  readonly writer: LogWriter;
  /** The process ends at once: nothing of this life has any effect from now on. */
  kill(): void;
  stop(deadlineMs?: number): Promise<number>;
}

/** Log, cursor and dead letters of one bot, and as many lives of its process as a test needs. */
export class DispatchBench {
  readonly logBench = new LogBench({ bell: new AppendBell() });
  readonly deadLetters = new MemoryDeadLetters();
  cursorFile = new MemoryCursorFile();

  get clock(): LogBench["clock"] {
    return this.logBench.clock;
  }

  get log(): LogBench["log"] {
    return this.logBench.log;
  }

  async start(handle: UpdateHandler, options: Partial<DispatcherOptions> = {}): Promise<Life> {
    const { clock, log, logBench, deadLetters } = this;
    const writer = await logBench.open();
    const reader = logBench.reader();
    const file = this.cursorFile;
    const cursor = await openCursor({
      path: "/memory/cursor",
      clock,
      log,
      newestSeq: () => reader.newestSeq(),
      start: "oldest",
      file,
    });
    const dispatcher = new Dispatcher({
      reader,
      cursor,
      deadLetters,
      wants: () => true,
      isUrgent: () => false,
      handle,
      clock,
      log,
      random: () => 1,
      ...options,
    });
    const controller = new AbortController();
    const reading = dispatcher.run(controller.signal);
    return {
      dispatcher,
      cursor,
      writer,
      kill: () => {
        this.cursorFile = new MemoryCursorFile(file.text);
        controller.abort(new Error("killed"));
      },
      stop: async (deadlineMs = 1_000) => {
        controller.abort(new Error("stopped"));
        await reading;
        const left = await dispatcher.drain(deadlineMs);
        await cursor.close();
        await writer.close();
        return left;
      },
    };
  }
}

/** Appends and lets everything that is ready run. */
export async function deliver(life: Life, updates: readonly Update[]): Promise<void> {
  await life.writer.append(updates, never);
  await settle();
}

export async function settle(turns = 20): Promise<void> {
  for (let turn = 0; turn < turns; turn += 1) {
    await new Promise((resolve) => setImmediate(resolve));
  }
}

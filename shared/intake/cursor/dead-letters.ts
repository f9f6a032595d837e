import { mkdir, open } from "node:fs/promises";
import { dirname, join } from "node:path";
import { z } from "zod";
import type { Clock } from "../../clock.ts";
import { errorMessage } from "../../errors.ts";
import { isFields } from "../../fields.ts";
import type { Log } from "../../logger.ts";
import { readIfThere, writeFileAtomic } from "../../storage/atomic-file.ts";
import { setAside } from "../../storage/set-aside.ts";
import type { Update } from "../../telegram/bot-api.ts";

/** An update that a bot gave up, with all that is needed to try it again. */
export interface DeadLetter {
  readonly seq: number;
  readonly updateId: number;
  /** Conversation key. */
  readonly key: string;
  readonly receivedAtMs: number;
  readonly givenUpAtMs: number;
  readonly attempts: number;
  readonly error: string;
  readonly update: Update;
}

/** The given-up updates of one bot; stays until somebody tries them again with success, or drops them. */
export interface DeadLetters {
  list(): readonly DeadLetter[];
  /** On the disk when it resolves; one position is there once. @throws the system's error */
  add(letter: DeadLetter): Promise<void>;
  /** False where there is none. @throws the system's error */
  remove(seq: number): Promise<boolean>;
}

/** Beyond that the oldest tenth goes: a handler that refuses everything must not fill disk and memory. */
const mostLetters = 1_000;

const letterLine = z.object({
  v: z.literal(1),
  seq: z.int(),
  updateId: z.int(),
  key: z.string(),
  receivedAtMs: z.int(),
  givenUpAtMs: z.int(),
  attempts: z.int(),
  error: z.string(),
  update: z.custom<Update>((value) => isFields(value) && typeof value["update_id"] === "number"),
});

/** @param logDir `updateLogDir(...)` @param bot its name */
export function deadLettersPath(logDir: string, bot: string): string {
  return join(logDir, "dead-letters", `${bot}.jsonl`);
}

/** One JSON line per letter: added at the end, removed by writing the file anew. At most 1,000. */
export class FileDeadLetters implements DeadLetters {
  private readonly path: string;
  private readonly letters: Map<number, DeadLetter>;
  private readonly log: Log;
  private readonly onFull: (dropped: readonly DeadLetter[]) => void;
  private turn: Promise<unknown> = Promise.resolve();

  private constructor(
    path: string,
    letters: Map<number, DeadLetter>,
    log: Log,
    onFull: (dropped: readonly DeadLetter[]) => void,
  ) {
    this.path = path;
    this.letters = letters;
    this.log = log;
    this.onFull = onFull;
  }

  /**
   * A file with lines that are no letters is set aside, and written anew with the others.
   * @param onFull hears of letters that went because the list was full
   * @throws the system's error
   */
  static async open(
    path: string,
    clock: Clock,
    log: Log,
    onFull: (dropped: readonly DeadLetter[]) => void = () => undefined,
  ): Promise<FileDeadLetters> {
    const { letters, broken } = decodeLetters(await readIfThere(path));
    const opened = new FileDeadLetters(path, letters, log, onFull);
    if (broken > 0) {
      log.error("Lines of the dead-letter list are damaged; the file was set aside.", {
        movedTo: await setAside(path, clock),
        broken,
        kept: letters.size,
      });
      await opened.rewrite();
    }
    return opened;
  }

  list(): readonly DeadLetter[] {
    return [...this.letters.values()];
  }

  add(letter: DeadLetter): Promise<void> {
    return this.inTurn(async () => {
      if (this.letters.has(letter.seq)) return;
      await appendSafely(this.path, encodeLetter(letter));
      this.letters.set(letter.seq, letter);
      if (this.letters.size > mostLetters) await this.dropOldest();
    });
  }

  remove(seq: number): Promise<boolean> {
    return this.inTurn(async () => {
      const letter = this.letters.get(seq);
      if (letter === undefined) return false;
      this.letters.delete(seq);
      try {
        await this.rewrite();
      } catch (error) {
        this.letters.set(seq, letter);
        throw error;
      }
      return true;
    });
  }

  private async dropOldest(): Promise<void> {
    const oldest = this.list().slice(0, this.letters.size - mostLetters * 0.9);
    for (const { seq } of oldest) this.letters.delete(seq);
    this.log.error("The dead-letter list is full; its oldest letters were dropped.", {
      file: this.path,
      dropped: oldest.length,
      updates: `${oldest[0]?.updateId} to ${oldest.at(-1)?.updateId}`,
    });
    this.onFull(oldest);
    try {
      await this.rewrite();
    } catch (error) {
      // The letter that came is safe; the dropped ones come back with the next start and go again.
      this.log.warn("The dead-letter list could not be shortened.", {
        file: this.path,
        cause: errorMessage(error),
      });
    }
  }

  private rewrite(): Promise<void> {
    return writeFileAtomic(this.path, this.list().map(encodeLetter).join(""));
  }

  private inTurn<T>(action: () => Promise<T>): Promise<T> {
    const result = this.turn.then(action);
    this.turn = result.catch(() => undefined);
    return result;
  }
}

/** The letters of a bot that may run in another process, without any effect on the file. */
export async function peekDeadLetters(path: string): Promise<readonly DeadLetter[]> {
  return [...decodeLetters(await readIfThere(path)).letters.values()];
}

function encodeLetter(letter: DeadLetter): string {
  return `${JSON.stringify({ v: 1, ...letter })}\n`;
}

function decodeLetters(text: string): { letters: Map<number, DeadLetter>; broken: number } {
  const letters = new Map<number, DeadLetter>();
  let broken = 0;
  for (const line of text.split("\n")) {
    if (line === "") continue;
    try {
      const { v: _, ...letter } = letterLine.parse(JSON.parse(line));
      letters.set(letter.seq, letter);
    } catch {
      // Counted and told by the caller; the line itself is kept in the file that is set aside.
      broken += 1;
    }
  }
  return { letters, broken };
}

async function appendSafely(path: string, text: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const file = await open(path, "a", 0o600);
  try {
    // A line that did not fit on the disk earlier must not spoil this one.
    await file.appendFile(`\n${text}`);
    await file.datasync();
  } finally {
    await file.close();
  }
}

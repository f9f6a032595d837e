import { errorMessage } from "../errors.ts";
import type { Log } from "../logger.ts";
import { GroupCommit } from "./group-commit.ts";
import type { GrowingFile, JournalStorage } from "./journal-storage.ts";

export interface GrowingJournalOptions {
  readonly storage: JournalStorage;
  /** All that the lines so far add up to, in as few lines as possible. */
  readonly snapshot: () => string;
  readonly log: Log;
  /** Size from which on it is written anew. */
  readonly compactAtBytes?: number;
}

const usualCompactAtBytes = 1024 * 1024;

/**
 * A file of lines that grows at its end and is written anew from what it adds up to when it has grown long. One writer
 * at a time; everything rejects with the system's error.
 */
export class GrowingJournal {
  private readonly options: GrowingJournalOptions;
  private readonly commits: GroupCommit;
  private compactAtBytes: number;

  private constructor(options: GrowingJournalOptions, file: GrowingFile, length: number) {
    this.options = options;
    this.compactAtBytes = this.roomAbove(length);
    this.commits = new GroupCommit(file, length, () => this.compactWhenLarge());
  }

  /** Writes the file anew; what was in it must have been read before. */
  static async open(options: GrowingJournalOptions): Promise<GrowingJournal> {
    const text = options.snapshot();
    await options.storage.replace(text);
    const file = await options.storage.openForAppend();
    return new GrowingJournal(options, file, Buffer.byteLength(text));
  }

  /**
   * Resolves when the line is safe on the disk. When it rejects, nothing of it is in the file.
   * @param onSafe called before anything else happens to the file
   */
  commit(line: string, onSafe?: () => void): Promise<void> {
    return this.commits.commit(line, onSafe);
  }

  /** Like {@link commit}, for what has happened in any case: refused, it is written with whatever is said next. */
  insist(line: string): Promise<void> {
    return this.commits.insist(line);
  }

  /** Written at once, so that the end of the process loses nothing; safe from a power cut with the next commit. */
  note(line: string): void {
    this.commits.note(line);
  }

  /** Everything said is on the disk when it resolves. */
  close(): Promise<void> {
    return this.commits.close();
  }

  private async compactWhenLarge(): Promise<void> {
    if (this.commits.bytes < this.compactAtBytes) return;
    const { storage, snapshot, log } = this.options;
    const text = snapshot();
    try {
      await storage.replace(text);
    } catch (error) {
      this.compactAtBytes = Math.max(this.commits.bytes * 2, 1);
      log.warn("A journal could not be written anew; it grows on.", {
        file: storage.place,
        cause: errorMessage(error),
      });
      return;
    }
    try {
      const length = Buffer.byteLength(text);
      await this.commits.exchange(await storage.openForAppend(), length);
      this.compactAtBytes = this.roomAbove(length);
    } catch (error) {
      // What we have open has no name any more. Nothing may be promised before there is a new file.
      await this.commits.exchange(lostFile(error), 0);
      this.compactAtBytes = 0;
    }
  }

  /** At least half of what is written anew must be gone again before the next time. */
  private roomAbove(length: number): number {
    return Math.max(this.options.compactAtBytes ?? usualCompactAtBytes, length * 2);
  }
}

export interface JournalReading<Line> {
  /** @returns undefined for a line that is none of ours */
  readonly decode: (text: string) => Line | undefined;
  /** The file, for the log: `The journal of sessions`. */
  readonly name: string;
  readonly log: Log;
}

/**
 * What can be read of a journal. A half line at the end was never promised; damage elsewhere sets the file aside, and what
 * can be read goes on.
 * @throws the system's error
 */
export async function readJournalLines<Line>(
  storage: JournalStorage,
  { decode, name, log }: JournalReading<Line>,
): Promise<Line[]> {
  const bytes = await storage.read();
  const texts = bytes?.toString("utf8").split("\n") ?? [""];
  const halfLine = texts.pop() ?? "";
  const lines = texts.map((text) => decode(text));
  const damaged = lines.flatMap((line, index) => (line === undefined ? [index + 1] : []));
  if (damaged.length > 0) {
    const keptAs = await storage.setAside();
    log.error(`${name} is damaged. It was set aside; what can be read goes on.`, {
      file: storage.place,
      keptAs,
      damagedLines: damaged.slice(0, 10),
    });
  } else if (halfLine !== "") {
    log.warn(`${name} ended in a half line, never promised; it was cut off.`, {
      file: storage.place,
      bytes: Buffer.byteLength(halfLine),
    });
  }
  return lines.filter((line) => line !== undefined);
}

/** Refuses everything, with the error that lost the file. */
function lostFile(error: unknown): GrowingFile {
  const refuse = async (): Promise<never> => {
    throw error instanceof Error ? error : new Error(String(error));
  };
  return { append: refuse, truncate: refuse, sync: refuse, close: async () => undefined };
}

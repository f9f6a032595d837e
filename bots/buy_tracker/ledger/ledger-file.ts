import { z } from "zod";
import type { Log } from "../../../shared/logger.ts";
import { writeFileAtomic } from "../../../shared/storage/atomic-file.ts";
import { readJsonFile } from "../../../shared/storage/json-file.ts";
import { buySchema, storedBuy } from "./buy.ts";
import { Ledger } from "./ledger.ts";
import { postSchema } from "./post.ts";

const fileSchema = z.object({
  version: z.literal(1),
  trail: z.array(
    z.object({
      number: z.int(),
      hash: z
        .string()
        .regex(/^0x[0-9a-f]+$/)
        .transform((text): `0x${string}` => `0x${text.slice(2)}`),
    }),
  ),
  buys: z.array(buySchema),
  posts: z.array(postSchema),
});

/** A ledger, and the way to make it last. */
export interface LedgerStore {
  readonly ledger: Ledger;
  /** Resolves when everything that the ledger says now is on the disk. @throws the system's error */
  save(): Promise<void>;
  /** The same, with the blocks that had nothing in them. @throws the system's error */
  write(): Promise<void>;
}

/** The ledger of one chain on the disk, written as a whole. A broken file is set aside, and the chain begun anew. */
export class LedgerFile implements LedgerStore {
  readonly ledger: Ledger;
  private readonly path: string;
  private storedVersion: number;
  private writing: Promise<void> = Promise.resolve();

  private constructor(path: string, ledger: Ledger) {
    this.path = path;
    this.ledger = ledger;
    this.storedVersion = ledger.version;
  }

  static async open(path: string, log: Log): Promise<LedgerFile> {
    const stored = await readJsonFile(path, fileSchema, log);
    return new LedgerFile(path, new Ledger(stored));
  }

  async save(): Promise<void> {
    if (this.ledger.version > this.storedVersion) await this.write();
  }

  async write(): Promise<void> {
    const before = this.writing;
    const written = (async () => {
      await before;
      const { trail, buys, posts } = this.ledger.content;
      const version = this.ledger.version;
      const content = { version: 1, trail, buys: buys.map(storedBuy), posts };
      await writeFileAtomic(this.path, `${JSON.stringify(content)}\n`);
      this.storedVersion = Math.max(this.storedVersion, version);
    })();
    // The next one writes whatever became of this one.
    this.writing = written.catch(() => undefined);
    await written;
  }
}

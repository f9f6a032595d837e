import type { LedgerStorage } from "../../../../bots/public_trading_bot/ledger/read-ledger.ts";
import type { GrowingFile } from "../../../../shared/storage/journal-storage.ts";

/** A moment at which a process can die. */
export type Death = "while appending" | "before the sync" | "after the sync";

/** One file of a process that can die at any step: from then on nothing of it comes back. */
export class MortalStorage implements LedgerStorage {
  readonly place = "memory/ledger.jsonl";
  readonly broken: string[] = [];
  /** Resolves when the process has died. */
  readonly died: Promise<"died">;
  private die!: (how: "died") => void;
  private content: Buffer | undefined;
  private safe: Buffer | undefined;
  private death: Death | undefined;
  private full = false;

  constructor(content?: Buffer) {
    this.content = content;
    this.safe = content;
    this.died = new Promise((resolve) => {
      this.die = resolve;
    });
  }

  get text(): string {
    return this.content?.toString() ?? "";
  }

  dieNext(death: Death): void {
    this.death = death;
  }

  /** The next write finds the disk full, after a part of it. */
  fillUp(): void {
    this.full = true;
  }

  /** What the next process finds: all that was synced, and of the rest as much as happened to reach the disk. */
  remains(random: () => number): Buffer | undefined {
    if (this.content === undefined) return this.safe;
    const sure = this.safe?.byteLength ?? 0;
    const more = this.content.byteLength - sure;
    return this.content.subarray(0, sure + Math.floor(random() * (more + 1)));
  }

  async read(): Promise<Buffer | undefined> {
    return this.content;
  }

  async replace(text: string): Promise<void> {
    this.content = Buffer.from(text);
    this.safe = this.content;
  }

  async setAside(): Promise<string> {
    throw new Error("a ledger is never taken away as a whole");
  }

  async keepBroken(text: string): Promise<string> {
    this.broken.push(text);
    return "memory/broken";
  }

  async openForAppend(): Promise<GrowingFile> {
    return {
      append: async (bytes) => {
        const isFull = this.full;
        this.full = false;
        const taken = isFull ? bytes.subarray(0, bytes.byteLength / 2) : bytes;
        this.content = Buffer.concat([this.content ?? Buffer.alloc(0), taken]);
        if (isFull) throw Object.assign(new Error("no space"), { code: "ENOSPC" });
        await this.passes("while appending");
      },
      truncate: async (length) => {
        this.content = this.content?.subarray(0, length);
      },
      sync: async () => {
        await this.passes("before the sync");
        this.safe = this.content;
        await this.passes("after the sync");
      },
      close: async () => undefined,
    };
  }

  private async passes(moment: Death): Promise<void> {
    if (this.death !== moment) return;
    this.die("died");
    await new Promise(() => undefined);
  }
}

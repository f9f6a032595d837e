import { aborted } from "../../../shared/aborted.ts";
import type { GrowingFile, JournalStorage } from "../../../shared/storage/journal-storage.ts";

type Step = "read" | "replace" | "open" | "append" | "truncate" | "sync" | "close";

/** One file in memory that can fail at any step, and tells what a power cut would leave. */
export class MemoryStorage implements JournalStorage {
  readonly place = "memory/answers.jsonl";
  content: Buffer | undefined;
  /** What is on the disk, as opposed to in the page cache. */
  safe: Buffer | undefined;
  readonly aside: Buffer[] = [];
  readonly steps: Step[] = [];
  private failing: { step: Step; code: string; partial: number } | undefined;
  private gate: Promise<void> | undefined;

  constructor(content?: string) {
    if (content !== undefined) this.content = Buffer.from(content);
    this.safe = this.content;
  }

  get text(): string {
    return this.content?.toString() ?? "";
  }

  get lines(): Record<string, unknown>[] {
    return this.text
      .split("\n")
      .filter((line) => line !== "")
      .map((line) => JSON.parse(line) as Record<string, unknown>);
  }

  count(step: Step): number {
    return this.steps.filter((each) => each === step).length;
  }

  /** From now on the step fails, until {@link heal}; an append leaves so many bytes all the same. */
  break(step: Step, code: string, partial = 0): void {
    this.failing = { step, code, partial };
  }

  heal(): void {
    this.failing = undefined;
  }

  /** Appends wait until the returned function is called. */
  hold(): () => void {
    const opened = new AbortController();
    this.gate = aborted(opened.signal);
    return () => {
      this.gate = undefined;
      opened.abort();
    };
  }

  async read(): Promise<Buffer | undefined> {
    this.take("read");
    return this.content;
  }

  async replace(text: string): Promise<void> {
    this.take("replace");
    this.content = Buffer.from(text);
    this.safe = this.content;
  }

  async openForAppend(): Promise<GrowingFile> {
    this.take("open");
    return {
      append: async (bytes) => {
        await this.gate;
        const before = this.content ?? Buffer.alloc(0);
        const partial = this.failing?.step === "append" ? this.failing.partial : bytes.byteLength;
        this.content = Buffer.concat([before, bytes.subarray(0, partial)]);
        this.take("append");
      },
      truncate: async (length) => {
        this.take("truncate");
        this.content = this.content?.subarray(0, length);
      },
      sync: async () => {
        this.take("sync");
        this.safe = this.content;
      },
      close: async () => {
        this.take("close");
      },
    };
  }

  async setAside(): Promise<string> {
    if (this.content !== undefined) this.aside.push(this.content);
    this.content = undefined;
    return `${this.place}.broken`;
  }

  private take(step: Step): void {
    this.steps.push(step);
    if (this.failing?.step !== step) return;
    throw Object.assign(new Error(`${this.failing.code}: no way`), { code: this.failing.code });
  }
}

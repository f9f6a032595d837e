import type { CursorFile } from "../../../shared/intake/cursor/cursor-file.ts";
import { systemError } from "../update-log/memory-storage.ts";

/** A cursor file in memory that fails when the test says so, and knows what a power cut would leave. */
export class MemoryCursorFile implements CursorFile {
  readonly place = "/memory/cursor";
  text: string | undefined;
  /** What was synced last. */
  safe: string | undefined;
  appends = 0;
  syncs = 0;
  replaces = 0;
  /** Code of the error that every write ends in; and how many characters get through before it. */
  fault: { readonly code: string; readonly first?: number } | undefined;

  constructor(text?: string) {
    this.text = text;
    this.safe = text;
  }

  read(): string | undefined {
    return this.text;
  }

  append(text: string): void {
    this.appends += 1;
    if (this.fault !== undefined) {
      this.text = (this.text ?? "") + text.slice(0, this.fault.first ?? 0);
      throw systemError(this.fault.code);
    }
    this.text = (this.text ?? "") + text;
  }

  async sync(): Promise<void> {
    const { text } = this;
    await Promise.resolve();
    this.syncs += 1;
    if (this.fault !== undefined) throw systemError(this.fault.code);
    this.safe = text;
  }

  replace(text: string): void {
    this.replaces += 1;
    if (this.fault !== undefined) throw systemError(this.fault.code);
    this.text = text;
    this.safe = text;
  }

  close(): void {
    // Nothing is open.
  }
}

import type {
  AppendFile,
  LogStorage,
  ReadFile,
} from "../../../shared/intake/update-log/segments/log-storage.ts";

export type Operation = "create" | "append" | "rewrite" | "truncate" | "sync" | "remove" | "open";

/** What a fault does: the error's code, and how many bytes of an append get through before it. */
export interface Fault {
  readonly code: string;
  readonly bytesFirst?: number;
}

/** Files in memory, and a disk that fails when the test says so. */
export class MemoryStorage implements LogStorage {
  readonly place = "/memory";
  readonly files = new Map<string, Buffer>();
  readonly operations: Operation[] = [];
  openFiles = 0;
  fault: (operation: Operation) => Fault | undefined = () => undefined;

  text(name: string): string {
    return this.files.get(name)?.toString("utf8") ?? "";
  }

  setText(name: string, text: string): void {
    this.files.set(name, Buffer.from(text));
  }

  get segments(): string[] {
    return [...this.files.keys()].filter((name) => name.endsWith(".jsonl")).toSorted();
  }

  list(): Promise<readonly string[]> {
    return Promise.resolve([...this.files.keys()]);
  }

  async create(name: string): Promise<AppendFile> {
    await this.operate("create");
    if (this.files.has(name)) throw systemError("EEXIST");
    this.files.set(name, Buffer.alloc(0));
    return this.appendFile(name);
  }

  async openForAppend(name: string): Promise<AppendFile> {
    await this.operate("open");
    if (!this.files.has(name)) throw systemError("ENOENT");
    return this.appendFile(name);
  }

  async openForRead(name: string): Promise<ReadFile> {
    await this.operate("open");
    const opened = this.files.get(name);
    if (opened === undefined) throw systemError("ENOENT");
    this.openFiles += 1;
    return {
      read: (buffer, position) => {
        // A removed file can be read to its end by whoever has it open.
        const content = this.files.get(name) ?? opened;
        return Promise.resolve(content.copy(buffer, 0, position));
      },
      close: () => this.closed(),
    };
  }

  async remove(name: string): Promise<void> {
    await this.operate("remove");
    this.files.delete(name);
  }

  private appendFile(name: string): AppendFile {
    this.openFiles += 1;
    const content = (): Buffer => this.files.get(name) ?? Buffer.alloc(0);
    return {
      size: () => Promise.resolve(content().byteLength),
      append: async (bytes) => {
        const through = (count: number): void => {
          this.files.set(name, Buffer.concat([content(), bytes.subarray(0, count)]));
        };
        await this.operate("append", through);
        through(bytes.byteLength);
      },
      rewrite: async (bytes, position) => {
        await this.operate("rewrite");
        Buffer.from(bytes).copy(content(), position);
      },
      truncate: async (length) => {
        await this.operate("truncate");
        this.files.set(name, content().subarray(0, length));
      },
      sync: () => this.operate("sync"),
      close: () => this.closed(),
    };
  }

  private closed(): Promise<void> {
    this.openFiles -= 1;
    return Promise.resolve();
  }

  private async operate(operation: Operation, through?: (count: number) => void): Promise<void> {
    // A real disk answers later, never in the same turn.
    await Promise.resolve();
    this.operations.push(operation);
    const fault = this.fault(operation);
    if (fault === undefined) return;
    through?.(fault.bytesFirst ?? 0);
    throw systemError(fault.code);
  }
}

export function systemError(code: string): Error {
  return Object.assign(new Error(`${code}: the test says so`), { code });
}

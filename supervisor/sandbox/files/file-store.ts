import type { FilePlace } from "./file-place.ts";

/** Voice messages come from people only. */
export type FileKind = "photo" | "document" | "voice";

export interface StoredFile {
  readonly fileId: string;
  /** Also the name under which the bytes lie. */
  readonly uniqueId: string;
  readonly kind: FileKind;
  /** `file_path` of getFile. */
  readonly path: string;
  readonly name: string;
  readonly type: string;
  readonly size: number;
  /** Photos only. */
  readonly width?: number | undefined;
  readonly height?: number | undefined;
}

export type NewFile = Omit<StoredFile, "fileId" | "uniqueId" | "path" | "size"> & {
  readonly bytes: Buffer;
};

export interface FileLimits {
  readonly bytes: number;
  readonly files: number;
}

const usualLimits: FileLimits = { bytes: 512 * 2 ** 20, files: 2000 };

/** What ids of today begin with at Telegram. */
const idPrefix: Readonly<Record<FileKind, string>> = {
  photo: "AgACAgIAAxkB",
  document: "BQACAgIAAxkB",
  voice: "AwACAgIAAxkB",
};
const uniquePrefix: Readonly<Record<FileKind, string>> = {
  photo: "AQAD",
  document: "AgAD",
  voice: "AgAD",
};
/** What paths of today begin with at Telegram. */
const folders: Readonly<Record<FileKind, string>> = {
  photo: "photos",
  document: "documents",
  voice: "voice",
};
/** A file's id ends with its unique id. */
const uniqueIdLength = 16;
const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

/** The files of all messages, bounded: the oldest ones go first, whoever still points to them. */
export class FileStore {
  private readonly place: FilePlace;
  private readonly random: () => number;
  private readonly limits: FileLimits;
  private readonly files = new Map<string, StoredFile>();
  /** Sizes by name, oldest first; also of files that no index knows (kept by a run that was killed). */
  private readonly sizes = new Map<string, number>();
  private bytes = 0;
  private lastNumber = -1;

  constructor(
    place: FilePlace,
    random: () => number,
    known: readonly StoredFile[] = [],
    limits: FileLimits = usualLimits,
  ) {
    this.place = place;
    this.random = random;
    this.limits = limits;
    for (const file of known) {
      this.files.set(file.uniqueId, file);
      this.lastNumber = Math.max(this.lastNumber, Number(/\d+/.exec(file.path)?.[0] ?? 0));
    }
    for (const { name, size } of place.found) this.count(name, size);
  }

  async add({ bytes, ...about }: NewFile): Promise<StoredFile> {
    const uniqueId = this.freeId(about.kind);
    this.lastNumber += 1;
    const file: StoredFile = {
      ...about,
      uniqueId,
      fileId: `${idPrefix[about.kind]}${this.draw(48)}${uniqueId}`,
      path: `${folders[about.kind]}/file_${this.lastNumber}${extensionOf(about.name)}`,
      size: bytes.length,
    };
    // Taken before the wait: two files never get one name.
    this.count(uniqueId, bytes.length);
    await this.place.write(uniqueId, bytes);
    this.files.set(uniqueId, file);
    await this.makeRoom(uniqueId);
    return file;
  }

  withId(fileId: string): StoredFile | undefined {
    const file = this.files.get(fileId.slice(-uniqueIdLength));
    return file?.fileId === fileId ? file : undefined;
  }

  withUniqueId(uniqueId: string): StoredFile | undefined {
    return this.files.get(uniqueId);
  }

  withPath(path: string): StoredFile | undefined {
    return [...this.files.values()].find((file) => file.path === path);
  }

  /** Undefined: somebody removed it from the disk. */
  read(file: StoredFile): Promise<Buffer | undefined> {
    return this.place.read(file.uniqueId);
  }

  save(): readonly StoredFile[] {
    return [...this.files.values()];
  }

  private count(name: string, size: number): void {
    this.sizes.set(name, size);
    this.bytes += size;
  }

  private async makeRoom(newest: string): Promise<void> {
    for (const [name, size] of this.sizes) {
      if (this.bytes <= this.limits.bytes && this.sizes.size <= this.limits.files) return;
      if (name === newest) return;
      this.sizes.delete(name);
      this.bytes -= size;
      this.files.delete(name);
      await this.place.remove(name);
    }
  }

  private freeId(kind: FileKind): string {
    let id = this.drawUnique(kind);
    while (this.sizes.has(id)) id = this.drawUnique(kind);
    return id;
  }

  private drawUnique(kind: FileKind): string {
    const prefix = uniquePrefix[kind];
    return prefix + this.draw(uniqueIdLength - prefix.length);
  }

  private draw(length: number): string {
    const one = (): string => letters.charAt(Math.floor(this.random() * letters.length));
    return Array.from({ length }, one).join("");
  }
}

function extensionOf(name: string): string {
  return /\.[A-Za-z0-9]{1,10}$/.exec(name)?.[0]?.toLowerCase() ?? "";
}

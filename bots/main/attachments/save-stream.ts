import { mkdir, open, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { systemErrorCode } from "../../../shared/errors.ts";
import type { Attachment } from "./attachment.ts";
import { imageKind, imageKindBytes } from "./image-kind.ts";
import { numberedName } from "./safe-name.ts";

export interface SavedFile {
  /** In its folder. */
  readonly name: string;
  readonly path: string;
  /** Of pictures as their bytes say, else as the sender says, else `application/octet-stream`. */
  readonly mediaType: string;
  /** In bytes. */
  readonly size: number;
}

export class FileTooBigError extends Error {
  override readonly name = "FileTooBigError";
}

/** What a kill leaves behind is found under this name by the next download in the folder. */
const draftName = ".incoming.part";

/**
 * Writes a file under a name that nothing in the folder has yet: first beside it, then as a whole. Nothing is ever
 * overwritten or written through a link.
 * @throws FileTooBigError, what the stream throws, the system's error; then nothing is left
 */
export async function saveStream(
  bytes: AsyncIterable<Uint8Array>,
  target: { readonly folder: string; readonly attachment: Attachment; readonly maxBytes: number },
): Promise<SavedFile> {
  const { folder, attachment } = target;
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const draft = join(folder, draftName);
  try {
    const { size, head } = await write(draft, bytes, target.maxBytes);
    const kind = imageKind(head);
    const wanted = attachment.isPhoto
      ? `${attachment.name}${kind?.extension ?? ".jpg"}`
      : attachment.name;
    const name = await take(folder, wanted);
    await rename(draft, join(folder, name));
    const mediaType = kind?.mediaType ?? attachment.mediaType ?? "application/octet-stream";
    return { name, path: join(folder, name), mediaType, size };
  } finally {
    await rm(draft, { force: true });
  }
}

async function write(
  draft: string,
  bytes: AsyncIterable<Uint8Array>,
  maxBytes: number,
): Promise<{ size: number; head: Buffer }> {
  await rm(draft, { force: true });
  const file = await open(draft, "wx", 0o600);
  let size = 0;
  let head = Buffer.alloc(0);
  try {
    for await (const chunk of bytes) {
      size += chunk.length;
      if (size > maxBytes) throw new FileTooBigError(`more than ${maxBytes} bytes`);
      if (head.length < imageKindBytes) head = Buffer.concat([head, chunk]).subarray(0, 64);
      await file.writeFile(chunk);
    }
  } finally {
    await file.close();
  }
  return { size, head };
}

/** Takes the first free name with an empty file of ours, which the rename then replaces in one step. */
async function take(folder: string, wanted: string): Promise<string> {
  for (let number = 1; ; number += 1) {
    const name = numberedName(wanted, number);
    try {
      await (await open(join(folder, name), "wx", 0o600)).close();
      return name;
    } catch (error) {
      if (systemErrorCode(error) !== "EEXIST") throw error;
    }
  }
}

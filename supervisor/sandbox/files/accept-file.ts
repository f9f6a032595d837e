import type { NewFile } from "./file-store.ts";
import { imageSize } from "./image-size.ts";

/** Bot API: "Sending files". */
const maxPhotoBytes = 10 * 2 ** 20;
export const maxUploadBytes = 50 * 2 ** 20;
/** Bot API, getFile: "bots can download files of up to 20MB". */
export const maxDownloadBytes = 20 * 2 ** 20;
/** Bot API, sendPhoto. */
const maxPhotoSides = 10_000;
const maxPhotoRatio = 20;

interface Given {
  readonly name: string;
  readonly type: string;
  readonly bytes: Buffer;
}

/** Why a file is not taken, in Telegram's words. */
export class FileProblem extends Error {
  override readonly name = "FileProblem";
}

/** A picture that may be sent as a photo. @throws FileProblem */
export function acceptPhoto({ name, bytes }: Given): NewFile {
  if (bytes.length === 0) throw new FileProblem("file must be non-empty");
  if (bytes.length > maxPhotoBytes)
    throw new FileProblem(
      `file of size ${bytes.length} bytes is too big for a photo; the maximum size is ${maxPhotoBytes} bytes`,
    );
  const size = imageSize(bytes);
  if (size === undefined) throw new FileProblem("IMAGE_PROCESS_FAILED");
  const { type, width, height } = size;
  const long = Math.max(width, height);
  const short = Math.min(width, height);
  if (short === 0 || width + height > maxPhotoSides || long / short > maxPhotoRatio)
    throw new FileProblem("PHOTO_INVALID_DIMENSIONS");
  return { kind: "photo", name: name || "photo.jpg", type, bytes, width, height };
}

/** @throws FileProblem */
export function acceptDocument({ name, type, bytes }: Given): NewFile {
  if (bytes.length === 0) throw new FileProblem("file must be non-empty");
  return {
    kind: "document",
    name: baseName(name) || "document",
    type: typeOf(name, type),
    bytes,
  };
}

/** Bot API, sendVoice: OGG with OPUS, MP3 or M4A; everything else would be a document. @throws FileProblem */
export function acceptVoice({ name, type, bytes }: Given): NewFile {
  if (bytes.length === 0) throw new FileProblem("file must be non-empty");
  const known = typeOf(name, type);
  if (!/^audio\/(ogg|mpeg|mp4|x-m4a)$/.test(known))
    throw new FileProblem("a voice message is OGG, MP3 or M4A");
  return { kind: "voice", name: baseName(name) || "voice.oga", type: known, bytes };
}

/** Senders may name whole paths; Telegram keeps the last part. */
function baseName(name: string): string {
  return name.split(/[/\\]/).at(-1)?.trim() ?? "";
}

/** The kinds that agents send; anything else is what its sender says. */
const typesByExtension: Readonly<Record<string, string>> = {
  csv: "text/csv",
  gif: "image/gif",
  html: "text/html",
  jpg: "image/jpeg",
  jpeg: "image/jpeg",
  js: "text/javascript",
  json: "application/json",
  log: "text/plain",
  m4a: "audio/mp4",
  md: "text/markdown",
  mp3: "audio/mpeg",
  oga: "audio/ogg",
  ogg: "audio/ogg",
  patch: "text/x-diff",
  pdf: "application/pdf",
  png: "image/png",
  svg: "image/svg+xml",
  txt: "text/plain",
  webp: "image/webp",
  zip: "application/zip",
};

function typeOf(name: string, said: string): string {
  const extension = /\.([^.]+)$/.exec(name)?.[1]?.toLowerCase() ?? "";
  const usual = "application/octet-stream";
  return typesByExtension[extension] ?? (said === "" ? usual : said);
}

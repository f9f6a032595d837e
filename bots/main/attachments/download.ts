import type { Message } from "../../../shared/telegram/bot-api.ts";
import {
  FileRefusedError,
  maxDownloadBytes,
  type TelegramFiles,
} from "../../../shared/telegram/files/telegram-files.ts";
import { type Attachment, attachmentOf } from "./attachment.ts";
import { FileTooBigError, type SavedFile, saveStream } from "./save-stream.ts";

export interface DownloadOptions {
  readonly files: TelegramFiles;
  /** Made where it is missing. One download at a time works in a folder. */
  readonly folder: string;
  readonly signal: AbortSignal;
  /** Default: what Telegram gives to bots, 20 MB. */
  readonly maxBytes?: number;
}

export interface Downloaded {
  /** In the order of the messages. */
  readonly saved: readonly SavedFile[];
  /** What is to be told to the user: one sentence for each file that was not taken, with the numbers. */
  readonly problems: readonly string[];
}

/**
 * Saves the photos and documents of messages in a folder. What is too big is told before anything of it is fetched,
 * where Telegram tells the size, and else while it comes.
 * @throws the signal's reason when aborted; OperationError or the system's error where a later try may go well.
 *   Nothing half is left under a final name
 */
export async function downloadAttachments(
  messages: readonly Message[],
  options: DownloadOptions,
): Promise<Downloaded> {
  const saved: SavedFile[] = [];
  const problems: string[] = [];
  for (const message of messages) {
    const attachment = attachmentOf(message);
    if (attachment === undefined) continue;
    const result = await download(attachment, options);
    if (typeof result === "string") problems.push(result);
    else saved.push(result);
  }
  return { saved, problems };
}

async function download(
  attachment: Attachment,
  { files, folder, signal, maxBytes = maxDownloadBytes }: DownloadOptions,
): Promise<SavedFile | string> {
  const { fileId, name, size } = attachment;
  if (size !== undefined && size > maxBytes) return tooBig(name, maxBytes, size);
  try {
    const { bytes } = await files.open(fileId, signal);
    return await saveStream(bytes, { folder, attachment, maxBytes });
  } catch (error) {
    if (signal.aborted) throw error;
    if (error instanceof FileTooBigError) return tooBig(name, maxBytes);
    if (!(error instanceof FileRefusedError)) throw error;
    return error.reason === "too_big"
      ? tooBig(name, maxDownloadBytes, size)
      : `${name} could not be taken: Telegram does not keep it any more. Please send it again.`;
  }
}

function tooBig(name: string, maxBytes: number, size?: number): string {
  const actual = size === undefined ? "too big" : megabytes(size);
  return `${name} was not taken: it is ${actual}, and files may have up to ${megabytes(maxBytes)}.`;
}

/** Never rounded down to the limit it is above. */
function megabytes(bytes: number): string {
  return `${Math.ceil((bytes / 2 ** 20) * 10) / 10} MB`;
}

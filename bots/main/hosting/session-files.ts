import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { type BackoffPolicy, backoffMs } from "../../../shared/backoff.ts";
import type { Clock } from "../../../shared/clock.ts";
import { errorMessage } from "../../../shared/errors.ts";
import type { Log } from "../../../shared/logger.ts";
import { redact } from "../../../shared/redact.ts";
import type { Message } from "../../../shared/telegram/bot-api.ts";
import type { TelegramFiles } from "../../../shared/telegram/files/telegram-files.ts";
import { attachmentOf } from "../attachments/attachment.ts";
import { downloadAttachments } from "../attachments/download.ts";
import type { MessageFiles } from "../sessions/ports.ts";
import type { FetchedFiles } from "../sessions/queue/intake.ts";

export interface SessionFilesParts {
  readonly folders: string;
  readonly files: TelegramFiles;
  readonly clock: Clock;
  readonly random: () => number;
  readonly log: Log;
}

/** In the agent's working folder, where its tools see them. */
const received = "received";
const attempts = 3;
const pauses: BackoffPolicy = { baseMs: 500, capMs: 10_000 };
/** A handler is given up after 5 min, without a word; whoever sent the file must hear of it before. */
const patienceMs = 4 * 60_000;

/** Files of messages in the folders of sessions. */
export class SessionFiles implements MessageFiles {
  private readonly parts: SessionFilesParts;

  constructor(parts: SessionFilesParts) {
    this.parts = parts;
  }

  /**
   * Saves what a message carries, with patience: what does not come at last is a problem, and holds the words of the
   * message up no longer.
   * @throws the signal's reason
   */
  async fetch(message: Message, folderId: string, signal: AbortSignal): Promise<FetchedFiles> {
    const { clock, random, log } = this.parts;
    const late = new AbortController();
    const cancel = clock.schedule(patienceMs, () => {
      late.abort(new Error(`it took longer than ${patienceMs / 60_000} min`));
    });
    const either = AbortSignal.any([signal, late.signal]);
    try {
      for (let attempt = 0; ; attempt += 1) {
        try {
          return await this.save(message, folderId, either);
        } catch (error) {
          signal.throwIfAborted();
          const facts = { attempt: attempt + 1, cause: redact(errorMessage(error)) };
          log.warn("A file of a message could not be fetched.", facts);
          if (late.signal.aborted || attempt + 1 >= attempts) return leftOut(message);
        }
        // Too late is told by the next attempt, which does not begin.
        await clock.sleep(backoffMs(pauses, attempt, random), signal);
      }
    } finally {
      cancel();
    }
  }

  async readImage(folderId: string, path: string, mediaType: string) {
    const bytes = await readFile(join(this.parts.folders, folderId, path));
    return { mediaType, base64: bytes.toString("base64") };
  }

  private async save(
    message: Message,
    folderId: string,
    signal: AbortSignal,
  ): Promise<FetchedFiles> {
    signal.throwIfAborted();
    const { files, folders } = this.parts;
    const folder = join(folders, folderId, received);
    const { saved, problems } = await downloadAttachments([message], { files, folder, signal });
    const isPhoto = attachmentOf(message)?.isPhoto === true;
    const attachments = saved.map(({ name, mediaType }) => ({
      kind: isPhoto && mediaType.startsWith("image/") ? ("photo" as const) : ("document" as const),
      path: `${received}/${name}`,
      mediaType,
    }));
    return { attachments, problems };
  }
}

function leftOut(message: Message): FetchedFiles {
  const name = attachmentOf(message)?.name ?? "The file";
  const problem = `${name} could not be fetched, and was left out. Please send it again.`;
  return { attachments: [], problems: [problem] };
}

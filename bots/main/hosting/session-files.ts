import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Message } from "../../../shared/telegram/bot-api.ts";
import type { TelegramFiles } from "../../../shared/telegram/files/telegram-files.ts";
import { attachmentOf } from "../attachments/attachment.ts";
import { downloadAttachments } from "../attachments/download.ts";
import type { MessageFiles } from "../sessions/ports.ts";
import type { Attachment } from "../sessions/queue/journal-line.ts";

/** In the agent's working folder, where its tools see them. */
const received = "received";

/** Files of messages in the folders of sessions. */
export class SessionFiles implements MessageFiles {
  private readonly folders: string;
  private readonly files: TelegramFiles;

  constructor(folders: string, files: TelegramFiles) {
    this.folders = folders;
    this.files = files;
  }

  /**
   * Saves what a message carries.
   * @returns `problems`: a sentence for each file that was not taken
   * @throws the signal's reason; what may go well later
   */
  async fetch(
    message: Message,
    folderId: string,
    signal: AbortSignal,
  ): Promise<{
    readonly attachments: readonly Attachment[];
    readonly problems: readonly string[];
  }> {
    const folder = join(this.folders, folderId, received);
    const { files } = this;
    const { saved, problems } = await downloadAttachments([message], { files, folder, signal });
    const isPhoto = attachmentOf(message)?.isPhoto === true;
    const attachments = saved.map(({ name, mediaType }) => ({
      kind: isPhoto && mediaType.startsWith("image/") ? ("photo" as const) : ("document" as const),
      path: `${received}/${name}`,
      mediaType,
    }));
    return { attachments, problems };
  }

  async readImage(folderId: string, path: string, mediaType: string) {
    const bytes = await readFile(join(this.folders, folderId, path));
    return { mediaType, base64: bytes.toString("base64") };
  }
}

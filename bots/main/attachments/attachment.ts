import type { Message, PhotoSize } from "../../../shared/telegram/bot-api.ts";
import { safeName } from "./safe-name.ts";

/** A file that a message carries, as far as Telegram tells of it before it is fetched. */
export interface Attachment {
  readonly fileId: string;
  /** Safe in any folder. A photo has none of its own: `photo-<message>`, its extension comes with its bytes. */
  readonly name: string;
  readonly isPhoto: boolean;
  /** As the sender's program says; undefined for photos. */
  readonly mediaType: string | undefined;
  /** In bytes; Telegram does not always tell. */
  readonly size: number | undefined;
}

/** `type/subtype` and nothing else: it goes on to programs. */
const mediaTypeShape = /^[\w.+-]{1,60}\/[\w.+-]{1,60}$/;

/** The photo (in its biggest size) or the document of a message. GIFs are documents, too. */
export function attachmentOf(message: Message): Attachment | undefined {
  const { photo, document, message_id: id } = message;
  const biggest = photo === undefined ? undefined : biggestOf(photo);
  if (biggest !== undefined)
    return {
      fileId: biggest.file_id,
      name: `photo-${id}`,
      isPhoto: true,
      mediaType: undefined,
      size: biggest.file_size,
    };
  if (document === undefined) return undefined;
  const { file_id: fileId, file_name: name = "file", mime_type: type, file_size: size } = document;
  const mediaType = type !== undefined && mediaTypeShape.test(type) ? type : undefined;
  return { fileId, name: safeName(name), isPhoto: false, mediaType, size };
}

function biggestOf(sizes: readonly PhotoSize[]): PhotoSize | undefined {
  return sizes.toSorted((a, b) => b.width * b.height - a.width * a.height)[0];
}

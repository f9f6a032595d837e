import type { Document, PhotoSize, Voice } from "../../../shared/telegram/bot-api.ts";
import type { StoredFile } from "./file-store.ts";

export interface Media {
  photo?: PhotoSize[];
  document?: Document;
  voice?: Voice;
}

/**
 * The fields of a message that show a file. A photo has one size here: nothing in the sandbox scales pictures,
 * or listens to how long a voice message is.
 */
export function messageMedia(file: StoredFile): Media {
  const about = { file_id: file.fileId, file_unique_id: file.uniqueId };
  if (file.kind === "photo")
    return {
      photo: [{ ...about, width: file.width ?? 0, height: file.height ?? 0, file_size: file.size }],
    };
  if (file.kind === "voice")
    return { voice: { ...about, duration: 1, mime_type: file.type, file_size: file.size } };
  return {
    document: { ...about, file_name: file.name, mime_type: file.type, file_size: file.size },
  };
}

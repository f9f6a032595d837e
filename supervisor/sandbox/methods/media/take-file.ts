import {
  acceptDocument,
  acceptPhoto,
  FileProblem,
  maxUploadBytes,
} from "../../files/accept-file.ts";
import type { FileKind, StoredFile } from "../../files/file-store.ts";
import type { Upload } from "../../http/multipart.ts";
import type { Scene } from "../call/method.ts";
import { badRequest, TelegramError } from "../call/telegram-error.ts";

const kindName: Readonly<Record<FileKind, string>> = {
  photo: "Photo",
  document: "Document",
  voice: "VoiceNote",
};

/** A file that a call names, not stored yet: first everything else in the call must be right. */
export type FileInCall = StoredFile | { readonly kind: FileKind; readonly upload: Upload };

/**
 * What `value` stands for: an upload (under the parameter's own name, or `attach://`), or the id of a file that was
 * sent before. @throws TelegramError 400, 413
 */
export function fileInCall(scene: Scene, kind: FileKind, field: string, value = ""): FileInCall {
  const name = value === "" ? field : /^attach:\/\/(.+)$/.exec(value)?.[1];
  if (name !== undefined) {
    const upload = scene.uploads.get(name);
    if (upload === undefined)
      throw badRequest(
        value === "" ? `there is no ${kind} in the request` : "can't find field with a file",
      );
    if (upload.bytes.length > maxUploadBytes)
      throw new TelegramError(413, "Request Entity Too Large");
    return { kind, upload };
  }
  // Nothing here ever leaves this machine.
  if (/^https?:\/\//i.test(value)) throw badRequest("failed to get HTTP URL content");
  const file = scene.files.withId(value);
  if (file === undefined) throw badRequest("wrong file identifier/HTTP URL specified");
  if (file.kind !== kind)
    throw badRequest(`can't use file of type ${kindName[file.kind]} as ${kindName[kind]}`);
  return file;
}

/** The file, stored. @throws TelegramError 400 */
export async function takeFile({ files }: Scene, file: FileInCall): Promise<StoredFile> {
  if (!("upload" in file)) return file;
  try {
    return await files.add(
      file.kind === "photo" ? acceptPhoto(file.upload) : acceptDocument(file.upload),
    );
  } catch (error) {
    if (error instanceof FileProblem) throw badRequest(error.message);
    throw error;
  }
}

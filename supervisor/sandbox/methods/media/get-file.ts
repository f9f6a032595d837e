import type { File } from "../../../../shared/telegram/bot-api.ts";
import { maxDownloadBytes } from "../../files/accept-file.ts";
import { defineMethod } from "../call/method.ts";
import { text } from "../call/parameters.ts";
import { badRequest } from "../call/telegram-error.ts";

export const getFile = defineMethod({ file_id: text.optional() }, ({ files }, { file_id }) => {
  if (file_id === undefined || file_id === "") throw badRequest("file_id not specified");
  const file = files.withId(file_id);
  if (file === undefined) throw badRequest("invalid file_id");
  if (file.size > maxDownloadBytes) throw badRequest("file is too big");
  const value: File = {
    file_id: file.fileId,
    file_unique_id: file.uniqueId,
    file_size: file.size,
    file_path: file.path,
  };
  return { value };
});

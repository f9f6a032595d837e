import type { ServerResponse } from "node:http";
import { errorAnswer } from "../calls/answer.ts";
import { sendAnswer } from "../faults/send-answer.ts";
import { maxDownloadBytes } from "../files/accept-file.ts";
import type { FileStore } from "../files/file-store.ts";
import { TelegramError } from "../methods/call/telegram-error.ts";
import type { World } from "../world/world.ts";

/** `/file/bot<token>/<file_path>`; undefined for anything else. */
export function parseFilePath(path: string): { token: string; file: string } | undefined {
  const [, token, file] = /^\/file\/bot([^/]+)\/(.+)$/.exec(path) ?? [];
  return token === undefined || file === undefined ? undefined : { token, file };
}

/** What a bot downloads after getFile. */
export async function sendToBot(
  response: ServerResponse,
  { files, world }: { readonly files: FileStore; readonly world: World },
  asked: { readonly token: string; readonly file: string },
): Promise<void> {
  const knowsToken = world.botOfToken(asked.token) !== undefined;
  const file = knowsToken ? files.withPath(asked.file) : undefined;
  const bytes =
    file === undefined || file.size > maxDownloadBytes ? undefined : await files.read(file);
  if (bytes === undefined) {
    sendAnswer(response, errorAnswer(new TelegramError(404, "Not Found")));
    return;
  }
  response.writeHead(200, {
    "content-type": "application/octet-stream",
    "content-length": bytes.length,
  });
  response.end(bytes);
}

/** Pictures that a browser may show; everything else is saved, never opened in the page's own origin. */
const shownTypes: readonly string[] = ["image/png", "image/jpeg", "image/gif", "image/webp"];

/** A file for the page, by its unique id. False: there is none. */
export async function sendToPage(
  response: ServerResponse,
  files: FileStore,
  uniqueId: string,
): Promise<boolean> {
  const file = files.withUniqueId(uniqueId);
  const bytes = file && (await files.read(file));
  if (file === undefined || bytes === undefined) return false;
  const isShown = shownTypes.includes(file.type);
  const name = encodeURIComponent(file.name).replaceAll("'", "%27");
  response.writeHead(200, {
    "content-type": isShown ? file.type : "application/octet-stream",
    "content-length": bytes.length,
    "content-disposition": `${file.kind === "photo" ? "inline" : "attachment"}; filename*=UTF-8''${name}`,
    "content-security-policy": "default-src 'none'; sandbox",
    "x-content-type-options": "nosniff",
    // What lies under an id never changes.
    "cache-control": "private, max-age=86400, immutable",
  });
  response.end(bytes);
  return true;
}

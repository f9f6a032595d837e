import type { IncomingMessage, ServerResponse } from "node:http";
import { sendStaticFile } from "../../shared/http/static-files.ts";
import { passToSandbox, type SandboxBehind } from "./pass-to-sandbox.ts";

const consoleFolder = new URL("./page/", import.meta.url);
const chatFolder = new URL("../sandbox/page/", import.meta.url);

/**
 * What the fleet's page is made of: the console, and the sandbox's chat, whose files and user's side are here at the same
 * paths as at the sandbox, so that one code serves both. The console takes modules of the chat by their places on disk.
 * Whoever comes here has shown the token.
 */
export function pageSource(sandbox: SandboxBehind | undefined) {
  return async (
    request: IncomingMessage,
    response: ServerResponse,
    path: string,
  ): Promise<boolean> => {
    const file = fileOf(path);
    if (file !== undefined)
      return request.method === "GET" && (await sendStaticFile(file.folder, file.name, response));
    if (sandbox === undefined || !path.startsWith("/sandbox/")) return false;
    await passToSandbox(sandbox, request, response);
    return true;
  };
}

function fileOf(path: string): { readonly folder: URL; readonly name: string } | undefined {
  if (path === "/") return { folder: consoleFolder, name: "index.html" };
  if (path === "/chat") return { folder: chatFolder, name: "index.html" };
  const name = /^\/dashboard\/page\/(.+)$/.exec(path)?.[1];
  if (name !== undefined) return { folder: consoleFolder, name };
  const shared = /^\/(?:page|sandbox\/page)\/(.+)$/.exec(path)?.[1];
  return shared === undefined ? undefined : { folder: chatFolder, name: shared };
}

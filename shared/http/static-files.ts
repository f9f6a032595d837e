import { readFile } from "node:fs/promises";
import type { ServerResponse } from "node:http";
import { systemErrorCode } from "../errors.ts";

const contentTypes: Readonly<Record<string, string>> = {
  html: "text/html; charset=utf-8",
  css: "text/css; charset=utf-8",
  js: "text/javascript; charset=utf-8",
  svg: "image/svg+xml",
};

/** Names of letters, digits, dots and dashes below the folder; nothing that could lead out of it. */
const servedPath = /^(?:[\w-]+\/)*[\w-]+(?:\.[\w-]+)*\.(html|css|js|svg)$/;

/**
 * Everything a page of ours loads comes from its own address; it may be framed by pages of that address alone.
 */
const pagePolicy =
  "default-src 'self'; img-src 'self' blob:; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'self'";

/** Sends a file of a page. @param name below the folder @returns false where there is no such file */
export async function sendStaticFile(
  folder: URL,
  name: string,
  response: ServerResponse,
): Promise<boolean> {
  const extension = servedPath.exec(name)?.[1];
  if (extension === undefined) return false;
  let content: Buffer;
  try {
    content = await readFile(new URL(name, folder));
  } catch (error) {
    if (["ENOENT", "EISDIR", "ENOTDIR"].includes(systemErrorCode(error) ?? "")) return false;
    throw error;
  }
  response.writeHead(200, {
    "content-type": contentTypes[extension],
    "content-length": content.length,
    "cache-control": "no-store",
    "content-security-policy": pagePolicy,
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
  });
  response.end(content);
  return true;
}

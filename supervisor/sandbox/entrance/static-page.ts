import { readFile } from "node:fs/promises";
import type { ServerResponse } from "node:http";
import { systemErrorCode } from "../../../shared/errors.ts";

const pageFolder = new URL("../page/", import.meta.url);

const contentTypes: Readonly<Record<string, string>> = {
  html: "text/html; charset=utf-8",
  css: "text/css; charset=utf-8",
  js: "text/javascript; charset=utf-8",
  svg: "image/svg+xml",
};

/** Names of letters, digits, dots and dashes below the folder; nothing that could lead out of it. */
const servedPath = /^(?:[\w-]+\/)*[\w-]+(?:\.[\w-]+)*\.(html|css|js|svg)$/;

/** `/` is the page itself, `/page/<file>` what belongs to it. False: there is no such file. */
export async function sendPageFile(path: string, response: ServerResponse): Promise<boolean> {
  const name = path === "/" ? "index.html" : path.replace(/^\/page\//, "");
  const extension = servedPath.exec(name)?.[1];
  if (extension === undefined) return false;
  let content: Buffer;
  try {
    content = await readFile(new URL(name, pageFolder));
  } catch (error) {
    if (["ENOENT", "EISDIR", "ENOTDIR"].includes(systemErrorCode(error) ?? "")) return false;
    throw error;
  }
  response.writeHead(200, {
    "content-type": contentTypes[extension],
    "content-length": content.length,
    "cache-control": "no-store",
    "content-security-policy": "default-src 'self'; img-src 'self' blob:",
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
  });
  response.end(content);
  return true;
}

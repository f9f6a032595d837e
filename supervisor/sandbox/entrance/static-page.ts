import type { ServerResponse } from "node:http";
import { sendStaticFile } from "../../../shared/http/static-files.ts";

const pageFolder = new URL("../page/", import.meta.url);

/** `/` is the page itself, `/page/<file>` what belongs to it. False: there is no such file. */
export function sendPageFile(path: string, response: ServerResponse): Promise<boolean> {
  const name = path === "/" ? "index.html" : path.replace(/^\/page\//, "");
  return sendStaticFile(pageFolder, name, response);
}

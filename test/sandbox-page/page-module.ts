import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

export const pageFolder = fileURLToPath(new URL("../../supervisor/sandbox/page", import.meta.url));

/** A module of the page. The page is plain JavaScript, so the test says which shape it expects. */
export async function pageModule<Shape>(path: string): Promise<Shape> {
  const loaded: Shape = await import(pathToFileURL(join(pageFolder, path)).href);
  return loaded;
}

import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { repositoryRoot } from "../../support/program.ts";

/** A module of the console. The page is plain JavaScript, so the test says which shape it expects. */
export async function consoleModule<Shape>(path: string): Promise<Shape> {
  const file = join(repositoryRoot, "supervisor/dashboard/page", path);
  const loaded: Shape = await import(pathToFileURL(file).href);
  return loaded;
}

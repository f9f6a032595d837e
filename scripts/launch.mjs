// Starts an entry of dist/, building it first only when it is missing or older than the sources.
import { existsSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { build, canBuild, distIsCurrent, root } from "./build.mjs";

const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
if (major < 20 || (major === 20 && minor < 19)) {
  console.error(`tg-supervisor needs Node 20.19 or newer; this is ${process.version}.`);
  process.exit(78);
}

/**
 * Runs `dist/<entry>.js` in this very process, so that signals arrive where they are handled.
 * @param rebuild false for commands that only look: they must not change the program under a running fleet
 */
export async function launch(entry, { rebuild } = { rebuild: true }) {
  const file = join(root, "dist", `${entry}.js`);
  if (canBuild() && (rebuild ? !distIsCurrent() : !existsSync(file))) {
    console.error("Building (first start, or the sources changed) ...");
    try {
      await build();
    } catch (error) {
      console.error(error.message);
      process.exit(1);
    }
  }
  if (!existsSync(file)) {
    console.error(
      `dist/${entry}.js is missing and there is no compiler to build it. Run "npm ci" (with development packages), or copy a built dist/.`,
    );
    process.exit(78);
  }
  await import(pathToFileURL(file).href);
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  const [entry] = process.argv.splice(2, 1);
  if (entry === undefined) {
    console.error("Usage: node scripts/launch.mjs <entry below dist, without .js> [arguments]");
    process.exit(64);
  }
  await launch(entry);
}

import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";

/** Contract tests start real processes from dist; it is built once for all of them, from what is tested. */
export function setup(): void {
  const script = fileURLToPath(new URL("../../scripts/build.mjs", import.meta.url));
  const build = spawnSync(process.execPath, [script], { stdio: "inherit" });
  if (build.status !== 0) throw new Error("dist could not be built; see the compiler's messages.");
}

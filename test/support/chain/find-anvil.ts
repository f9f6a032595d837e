import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";

export interface MissingAnvil {
  readonly missing: string;
  /** Whether npm has a binary for this kind of machine, so that installing would help. */
  readonly isOffered: boolean;
}

/** Anvil names processors as Go does. */
const processors: Readonly<Record<string, string>> = { x64: "amd64", arm64: "arm64" };

/** @param require of a file beside which the packages lie; default: this one */
export function findAnvil(
  { platform, arch }: Pick<NodeJS.Process, "platform" | "arch"> = process,
  require = createRequire(import.meta.url),
): { readonly file: string } | MissingAnvil {
  // The package's own starter needs its install script; the binary lies in the package of the platform.
  const name = `@foundry-rs/anvil-${platform}-${processors[arch] ?? arch}`;
  const { optionalDependencies } = require("@foundry-rs/anvil/package.json") as {
    optionalDependencies: Record<string, string>;
  };
  const isOffered = name in optionalDependencies;
  let file: string;
  try {
    file = join(dirname(require.resolve(`${name}/package.json`)), "bin", "anvil");
  } catch {
    const why = isOffered ? "is not installed (npm ci without --omit=optional)" : "does not exist";
    return { missing: `the package ${name} ${why}`, isOffered };
  }
  if (!existsSync(file)) return { missing: `${name} has no binary`, isOffered };
  const { status, error } = spawnSync(file, ["--version"], { timeout: 10_000 });
  return status === 0
    ? { file }
    : { missing: `${name} does not start here (${error?.message ?? `exit ${status}`})`, isOffered };
}

/**
 * Why tests on a local chain are skipped.
 * @param isRequired `REQUIRE_ANVIL=1`: where npm has a binary for this machine, nothing is skipped
 * @throws Error then
 */
export function missingAnvil({ missing, isOffered }: MissingAnvil, isRequired: boolean): string {
  if (isRequired && isOffered) throw new Error(`The chain cannot be tested: ${missing}`);
  return missing;
}

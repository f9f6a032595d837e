import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const root = resolve(dirname(fileURLToPath(import.meta.url)), "../..");
const sourceFolders = ["supervisor", "bots", "shared", "scripts"];

export interface SourceFile {
  /** Path from the root of the repository. */
  readonly path: string;
  readonly folder: string;
  readonly text: string;
  /** Paths (inside the repository) and package names that the file imports, types included. */
  readonly imports: readonly string[];
}

export function readSourceTree(): SourceFile[] {
  return sourceFolders.flatMap((folder) =>
    readdirSync(join(root, folder), { withFileTypes: true, recursive: true })
      .filter((entry) => entry.isFile() && /\.(ts|mjs|js|html|css)$/.test(entry.name))
      .map((entry) => readSource(relative(root, join(entry.parentPath, entry.name)))),
  );
}

function readSource(path: string): SourceFile {
  const text = readFileSync(join(root, path), "utf8");
  const specifiers = /\.(ts|mjs)$/.test(path) ? importSpecifiers(text) : [];
  const imports = specifiers.map((specifier) =>
    specifier.startsWith(".") ? relative(root, resolve(root, dirname(path), specifier)) : specifier,
  );
  return { path, folder: dirname(path), text, imports };
}

/** `import ... from "x"`, `export ... from "x"`, `import "x"`, `import("x")`. */
export function importSpecifiers(text: string): string[] {
  const statement = /(?:^|\n)\s*(?:import|export)\b[^;"']*?\bfrom\s*["']([^"']+)["']/g;
  const bare = /(?:^|\n)\s*import\s*["']([^"']+)["']/g;
  const dynamic = /\bimport\(\s*["']([^"']+)["']\s*\)/g;
  return [statement, bare, dynamic].flatMap((pattern) =>
    [...text.matchAll(pattern)].map((match) => match[1] ?? ""),
  );
}

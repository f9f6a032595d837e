import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { repositoryRoot } from "./program.ts";

const parts = [
  "package.json",
  "tsconfig.json",
  "tsconfig.build.json",
  "scripts",
  "shared",
  "bots",
  "supervisor",
];

/** A copy of the program in a folder of its own, not yet built. */
export class InstalledProgram {
  readonly dir = mkdtempSync(join(tmpdir(), "installed-"));

  constructor() {
    for (const name of parts)
      cpSync(join(repositoryRoot, name), join(this.dir, name), { recursive: true });
  }

  /** What npm would install. */
  install(omit: readonly string[] = []): void {
    const modules = join(repositoryRoot, "node_modules");
    mkdirSync(join(this.dir, "node_modules"));
    for (const name of readdirSync(modules)) {
      if (!omit.includes(name))
        symlinkSync(join(modules, name), join(this.dir, "node_modules", name));
    }
  }

  remove(): void {
    rmSync(this.dir, { recursive: true, force: true });
  }
}

import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { Program } from "../program.ts";

/** Anvil names processors as Go does. */
const processors: Readonly<Record<string, string>> = { x64: "amd64", arm64: "arm64" };

function findAnvil(): { readonly file: string } | { readonly missing: string } {
  // The package's own starter needs its install script; the binary lies in the package of the platform.
  const name = `@foundry-rs/anvil-${process.platform}-${processors[process.arch] ?? process.arch}`;
  const require = createRequire(import.meta.url);
  let file: string;
  try {
    file = join(dirname(require.resolve(`${name}/package.json`)), "bin", "anvil");
  } catch {
    return { missing: `there is no package ${name}` };
  }
  if (!existsSync(file)) return { missing: `${name} has no binary` };
  const { status, error } = spawnSync(file, ["--version"], { timeout: 10_000 });
  return status === 0
    ? { file }
    : { missing: `anvil does not start here (${error?.message ?? `exit ${status}`})` };
}

const found = findAnvil();

/** Why there is no local chain on this machine; undefined where there is one. Tests skip themselves and say so. */
export const noAnvil = "missing" in found ? found.missing : undefined;

/** A real local chain on loopback. Nothing is mined but by order. */
export class Anvil {
  readonly program: Program;
  readonly url: string;

  private constructor(program: Program, url: string) {
    this.program = program;
    this.url = url;
  }

  /** @param port of an earlier one that is to come again; default: any */
  static async start(port = 0, args: readonly string[] = []): Promise<Anvil> {
    if ("missing" in found) throw new Error(found.missing);
    const all = ["--port", String(port), "--no-mining", "--accounts", "3", "--chain-id", "31337"];
    const program = new Program([...all, ...args], { cwd: "/", env: {}, file: found.file });
    const match = await program.printed(/Listening on (127\.0\.0\.1:\d+)/);
    return new Anvil(program, `http://${match[1] ?? ""}`);
  }

  async ask(method: string, ...params: readonly unknown[]): Promise<unknown> {
    const response = await fetch(this.url, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ jsonrpc: "2.0", id: 1, method, params }),
    });
    const { result, error } = (await response.json()) as { result?: unknown; error?: unknown };
    if (error !== undefined) throw new Error(`${method}: ${JSON.stringify(error)}`);
    return result;
  }

  async mine(blocks = 1): Promise<void> {
    for (let block = 0; block < blocks; block += 1) await this.ask("evm_mine");
  }

  async stop(): Promise<void> {
    if (this.program.running) this.program.kill("SIGKILL");
    await this.program.end();
  }
}

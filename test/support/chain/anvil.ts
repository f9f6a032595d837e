import { Program } from "../program.ts";
import { findAnvil, missingAnvil } from "./find-anvil.ts";

const found = findAnvil();

/** Why there is no local chain on this machine, for the names of the tests that are skipped then; else undefined. */
export const noAnvil =
  "missing" in found ? missingAnvil(found, process.env["REQUIRE_ANVIL"] === "1") : undefined;
if (noAnvil !== undefined) console.warn(`The tests on a local chain are skipped: ${noAnvil}`);

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

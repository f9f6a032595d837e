import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";

export const repositoryRoot = fileURLToPath(new URL("../..", import.meta.url));

export interface ProgramOptions {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  /** Default: node itself. */
  readonly file?: string;
  readonly stdin?: "pipe" | "ignore";
}

/** A real process of ours, its output kept, with waits for what it prints and for its end. */
export class Program {
  readonly child: ChildProcess;
  readonly cwd: string;
  output = "";
  private readonly ended: Promise<{ code: number | null; signal: NodeJS.Signals | null }>;
  private readonly listeners = new Set<() => void>();

  constructor(args: readonly string[], options: ProgramOptions) {
    this.cwd = options.cwd;
    // A clean environment: nothing of the tester's machine (tokens, agent clients) reaches what we start.
    const env = { PATH: process.env["PATH"] ?? "", ...options.env };
    this.child = spawn(options.file ?? process.execPath, args, {
      cwd: options.cwd,
      env,
      stdio: [options.stdin ?? "ignore", "pipe", "pipe"],
    });
    for (const stream of [this.child.stdout, this.child.stderr]) {
      stream?.setEncoding("utf8");
      stream?.on("data", (text: string) => {
        this.output += text;
        for (const listener of this.listeners) listener();
      });
    }
    this.ended = once(this.child, "close").then(([code, signal]) => ({
      code: code as number | null,
      signal: signal as NodeJS.Signals | null,
    }));
  }

  get pid(): number {
    if (this.child.pid === undefined) throw new Error("the program was not started");
    return this.child.pid;
  }

  get running(): boolean {
    return this.child.exitCode === null && this.child.signalCode === null;
  }

  kill(signal: NodeJS.Signals): void {
    this.child.kill(signal);
  }

  /** Resolves with the exit code (null after a signal) when the process has ended and its output is read. */
  async end(withinMs = 20_000): Promise<number | null> {
    return (
      await within(
        withinMs,
        this.ended,
        () => `the program did not end; it printed:\n${this.output}`,
      )
    ).code;
  }

  async printed(pattern: RegExp, withinMs = 20_000): Promise<RegExpExecArray> {
    const found = new Promise<RegExpExecArray>((resolve, reject) => {
      const look = (): void => {
        const match = pattern.exec(this.output);
        if (match === null) return;
        this.listeners.delete(look);
        resolve(match);
      };
      this.listeners.add(look);
      look();
      const giveUp = (): void => {
        look();
        reject(new Error(`the program ended without printing ${String(pattern)}:\n${this.output}`));
      };
      void this.ended.then(giveUp);
    });
    return within(withinMs, found, () => `not printed: ${String(pattern)}\n${this.output}`);
  }
}

/** Rejects with what is known when something takes longer than it may. */
async function within<T>(ms: number, promise: Promise<T>, describe: () => string): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(new Error(describe()));
    }, ms);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** Asks again and again until the answer is there: for what can only be seen from outside. */
export async function eventually<T>(
  ask: () => Promise<T | undefined> | T | undefined,
  describe: () => string,
  withinMs = 10_000,
): Promise<T> {
  const giveUpAt = performance.now() + withinMs;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined && answer !== false) return answer;
    if (performance.now() > giveUpAt)
      throw new Error(`did not happen within ${withinMs} ms: ${describe()}`);
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}

/** How long this machine takes, right now, to start and end a bare Node: the floor under every time of ours. */
export async function bareStartMs(): Promise<number> {
  const times: number[] = [];
  for (let run = 0; run < 5; run += 1) {
    const startedAt = performance.now();
    await new Program(["-e", "0"], { cwd: repositoryRoot, env: {} }).end();
    times.push(performance.now() - startedAt);
  }
  return times.toSorted((a, b) => a - b)[2] ?? 0;
}

import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { extname } from "node:path";
import { fileURLToPath } from "node:url";

/** A tiny program of test/fixtures, started as a real process; it talks over IPC in plain objects. */
export interface FixtureProcess {
  readonly child: ChildProcess;
  readonly pid: number;
  /** The next message of this type that nobody has taken yet. */
  next(type: string): Promise<FixtureMessage>;
  send(message: FixtureMessage): void;
  /** SIGKILL, and the exit seen. */
  kill(): Promise<void>;
  readonly exited: Promise<unknown>;
}

interface FixtureMessage {
  readonly type: string;
  readonly [key: string]: unknown;
}

const running = new Set<FixtureProcess>();

export function startFixture(
  name: string,
  args: readonly string[] = [],
  options: { readonly env?: Readonly<Record<string, string>>; readonly detached?: boolean } = {},
): FixtureProcess {
  const path = fileURLToPath(new URL(`../fixtures/${name}`, import.meta.url));
  const child = fork(path, args, {
    execArgv: extname(path) === ".ts" ? ["--import", "tsx"] : [],
    env: { ...process.env, ...options.env },
    detached: options.detached ?? false,
    stdio: ["ignore", "ignore", "inherit", "ipc"],
  });
  const unread: FixtureMessage[] = [];
  const readers = new Set<() => void>();
  const wakeReaders = (): void => {
    for (const reader of readers) reader();
  };
  child.on("message", (message: FixtureMessage) => {
    unread.push(message);
    wakeReaders();
  });
  const exited = once(child, "exit").then(() => running.delete(fixture));
  child.once("exit", wakeReaders);
  const fixture: FixtureProcess = {
    child,
    pid: child.pid ?? 0,
    exited,
    next: (type) =>
      new Promise((resolve, reject) => {
        const look = (): void => {
          const at = unread.findIndex((message) => message.type === type);
          const found = at < 0 ? undefined : unread.splice(at, 1)[0];
          if (found === undefined && (child.exitCode ?? child.signalCode) === null) return;
          readers.delete(look);
          if (found !== undefined) resolve(found);
          else reject(new Error(`${name} ended before it said "${type}"`));
        };
        readers.add(look);
        look();
      }),
    send: (message) => {
      child.send(message);
    },
    kill: async () => {
      child.kill("SIGKILL");
      await exited;
    },
  };
  running.add(fixture);
  return fixture;
}

/** For afterEach: no test leaves a process. */
export async function killFixtures(): Promise<void> {
  await Promise.all([...running].map((fixture) => fixture.kill()));
}

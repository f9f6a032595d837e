import { UsageError } from "../../shared/errors.ts";
import { exitCode } from "../../shared/exit-code.ts";

interface Command {
  /** What follows the name. */
  readonly takes?: string;
  readonly summary: string;
  /** Loaded when it is asked for: a supervisor that starts has no time for what doctors and explainers need. */
  readonly load: () => Promise<(args: readonly string[]) => Promise<number>>;
}

/** One table makes the commands, their help and their completion. */
const commands: Readonly<Record<string, Command>> = {
  up: {
    summary: "run the fleet (npm run supervisor)",
    load: async () => (await import("./run/up.ts")).up,
  },
  status: {
    takes: "[--watch] [--json]",
    summary: "show every bot of the fleet",
    load: async () => (await import("./show/status.ts")).status,
  },
  sessions: {
    takes: "[--json]",
    summary: "show what the agents of the fleet work on",
    load: async () => (await import("./show/sessions.ts")).sessions,
  },
  page: {
    summary: "print the address of the fleet's page",
    load: async () => (await import("./show/page.ts")).page,
  },
  start: {
    takes: "<bot> [--json]",
    summary: "run a bot again that was stopped or closed",
    load: async () => (await import("./order/start-stop.ts")).start,
  },
  stop: {
    takes: "<bot> [--json]",
    summary: "stop a bot and keep it down",
    load: async () => (await import("./order/start-stop.ts")).stop,
  },
  restart: {
    takes: "<bot> [--json]",
    summary: "stop a bot and start it again",
    load: async () => (await import("./order/start-stop.ts")).restart,
  },
  close: {
    takes: "<bot|supervisor> [--no-wait] [--json]",
    summary: "stop it through its lifecycle files, supervisor or not",
    load: async () => (await import("./order/close.ts")).close,
  },
  reload: {
    takes: "[--dry-run] [--json]",
    summary: "read fleet.yaml again, restart only what changed",
    load: async () => (await import("./order/reload.ts")).reload,
  },
  logs: {
    takes: "[-f] [--since 10m] [--lines N] [--json] [bot]",
    summary: "show the logs of the fleet or of one bot",
    load: async () => (await import("./show/logs.ts")).logs,
  },
  explain: {
    takes: "<update id | link of a message> [--json]",
    summary: "tell what became of one update",
    load: async () => (await import("./show/explain.ts")).explainUpdate,
  },
  doctor: {
    takes: "[--fix] [--json]",
    summary: "look for what is wrong, and what to do about it",
    load: async () => (await import("./show/doctor.ts")).doctor,
  },
  pair: {
    takes: "[--bot B] [--list | --revoke ID] [--json]",
    summary: "let a person into a bot by a code; who was let in; put one out",
    load: async () => (await import("./access/pair.ts")).pair,
  },
  "dead-letters": {
    takes: "[retry|drop <bot> <number>] [--json]",
    summary: "updates that bots gave up: list, try again, drop",
    load: async () => (await import("./show/dead-letters.ts")).deadLetters,
  },
  service: {
    takes: "print|install [--user]",
    summary: "print or write a systemd unit",
    load: async () => (await import("./service/service.ts")).service,
  },
  listen: {
    takes: "<bot>",
    summary: "run one bot in the foreground",
    load: async () => (await import("./run/listen.ts")).listen,
  },
  sandbox: {
    takes: "[--port N]",
    summary: "run the embedded Bot API alone",
    load: async () => (await import("./run/sandbox.ts")).sandboxAlone,
  },
  completion: {
    takes: "bash|zsh",
    summary: "print a script that completes commands and bot names",
    load: async () => {
      const { completion } = await import("./completion/completion.ts");
      return (args) => completion(args, completable());
    },
  },
};

function completable(): Record<string, { summary: string; takesBot: boolean }> {
  return Object.fromEntries(
    Object.entries(commands).map(([name, { takes = "", summary }]) => [
      name,
      { summary, takesBot: /<bot/.test(takes) || takes.includes("[bot]") },
    ]),
  );
}

function helpOf(name: string): string {
  const { takes = "", summary = "" } = commands[name] ?? {};
  return `tg-supervisor ${`${name} ${takes}`.trimEnd().padEnd(52)} ${summary}`;
}

function help(): string {
  const rows = Object.keys(commands).map((name) => `  ${helpOf(name)}`);
  return [
    "Runs a fleet of Telegram bots: one poller per token, every process visible and cleaned up.",
    "",
    ...rows,
  ].join("\n");
}

/** @throws UsageError for an unknown command */
export async function runCommand(args: readonly string[]): Promise<number> {
  const [name = "help", ...rest] = args;
  if (["help", "--help", "-h"].includes(name)) {
    console.log(help());
    return exitCode.clean;
  }
  const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (command === undefined) throw new UsageError(`There is no command "${name}".\n\n${help()}`);
  if (rest.some((word) => word === "--help" || word === "-h")) {
    console.log(helpOf(name));
    return exitCode.clean;
  }
  const run = await command.load();
  return run(rest);
}

import { UsageError } from "../../shared/errors.ts";
import { exitCode } from "../../shared/exit-code.ts";
import { pair } from "./access/pair.ts";
import { completion } from "./completion/completion.ts";
import { close } from "./order/close.ts";
import { reload } from "./order/reload.ts";
import { restart, start, stop } from "./order/start-stop.ts";
import { listen } from "./run/listen.ts";
import { sandboxAlone } from "./run/sandbox.ts";
import { up } from "./run/up.ts";
import { service } from "./service/service.ts";
import { deadLetters } from "./show/dead-letters.ts";
import { doctor } from "./show/doctor.ts";
import { explainUpdate } from "./show/explain.ts";
import { logs } from "./show/logs.ts";
import { page } from "./show/page.ts";
import { status } from "./show/status.ts";

interface Command {
  /** What follows the name. */
  readonly takes?: string;
  readonly summary: string;
  run(args: readonly string[]): Promise<number>;
}

/** One table makes the commands, their help and their completion. */
const commands: Readonly<Record<string, Command>> = {
  up: { summary: "run the fleet (npm run supervisor)", run: up },
  status: {
    takes: "[--watch] [--json]",
    summary: "show every bot of the fleet",
    run: status,
  },
  page: { summary: "print the address of the fleet's page", run: page },
  start: { takes: "<bot>", summary: "run a bot again that was stopped or closed", run: start },
  stop: { takes: "<bot>", summary: "stop a bot and keep it down", run: stop },
  restart: { takes: "<bot>", summary: "stop a bot and start it again", run: restart },
  close: {
    takes: "<bot|supervisor> [--no-wait]",
    summary: "stop it through its lifecycle files, supervisor or not",
    run: close,
  },
  reload: {
    takes: "[--dry-run] [--json]",
    summary: "read fleet.yaml again, restart only what changed",
    run: reload,
  },
  logs: {
    takes: "[-f] [--since 10m] [bot]",
    summary: "show the logs of the fleet or of one bot",
    run: logs,
  },
  explain: {
    takes: "<update id | link of a message>",
    summary: "tell what became of one update",
    run: explainUpdate,
  },
  doctor: {
    takes: "[--fix] [--json]",
    summary: "look for what is wrong, and what to do about it",
    run: doctor,
  },
  pair: {
    takes: "[--bot B] [--list | --revoke ID]",
    summary: "let a person into a bot by a code; who was let in; put one out",
    run: pair,
  },
  "dead-letters": {
    takes: "[retry|drop <bot> <number>]",
    summary: "updates that bots gave up: list, try again, drop",
    run: deadLetters,
  },
  service: {
    takes: "print|install [--user]",
    summary: "print or write a systemd unit",
    run: service,
  },
  listen: { takes: "<bot>", summary: "run one bot in the foreground", run: listen },
  sandbox: {
    takes: "[--port N]",
    summary: "run the embedded Bot API alone",
    run: sandboxAlone,
  },
  completion: {
    takes: "bash|zsh",
    summary: "print a script that completes commands and bot names",
    run: (args) => completion(args, completable()),
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

function help(): string {
  const rows = Object.entries(commands).map(
    ([name, { takes = "", summary }]) =>
      `  tg-supervisor ${`${name} ${takes}`.trimEnd().padEnd(42)} ${summary}`,
  );
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
  return command.run(rest);
}

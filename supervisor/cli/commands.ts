import { UsageError } from "../../shared/errors.ts";
import { exitCode } from "../../shared/exit-code.ts";
import { close } from "./close.ts";
import { deadLetters } from "./dead-letters.ts";
import { listen } from "./listen.ts";
import { pair } from "./pair.ts";
import { sandboxAlone } from "./sandbox.ts";
import { service } from "./service.ts";
import { start, stop } from "./start-stop.ts";
import { status } from "./status.ts";
import { up } from "./up.ts";

interface Command {
  readonly usage: string;
  readonly summary: string;
  run(args: readonly string[]): Promise<number>;
}

/** One table makes the commands and their help. */
const commands: Readonly<Record<string, Command>> = {
  up: { usage: "up", summary: "run the fleet (npm run supervisor)", run: up },
  status: { usage: "status [--json]", summary: "show every bot of the fleet", run: status },
  start: {
    usage: "start <bot>",
    summary: "run a bot again that was stopped or closed",
    run: start,
  },
  stop: { usage: "stop <bot>", summary: "stop a bot and keep it down", run: stop },
  close: {
    usage: "close <bot|supervisor> [--no-wait]",
    summary: "stop it through its lifecycle files, supervisor or not",
    run: close,
  },
  listen: { usage: "listen <bot>", summary: "run one bot in the foreground", run: listen },
  pair: {
    usage: "pair [--bot B] [--list | --revoke ID]",
    summary: "let a person into a bot by a code; who was let in; put one out",
    run: pair,
  },
  service: { usage: "service print [--user]", summary: "print a systemd unit", run: service },
  "dead-letters": {
    usage: "dead-letters [retry|drop <bot> <number>]",
    summary: "updates that bots gave up: list, try again, drop",
    run: deadLetters,
  },
  sandbox: {
    usage: "sandbox [--port N]",
    summary: "run the embedded Bot API alone",
    run: sandboxAlone,
  },
};

function help(): string {
  const rows = Object.values(commands).map(
    ({ usage, summary }) => `  tg-supervisor ${usage.padEnd(42)} ${summary}`,
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

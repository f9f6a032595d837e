import { runBotProcess } from "../shared/bot-runtime/bot-process.ts";
import { checkBot, checkOf } from "../shared/bot-runtime/check-bot.ts";
import { findSettings, maySkipNamedLock } from "../shared/bot-runtime/settings-source.ts";
import { tellingFailure } from "../shared/bot-runtime/supervisor-link.ts";
import { systemClock } from "../shared/clock.ts";
import { requireFolders } from "../shared/config/folders.ts";
import { UsageError } from "../shared/errors.ts";
import { exitCode } from "../shared/exit-code.ts";
import { createLog } from "../shared/logger.ts";
import { runProgram } from "../shared/program.ts";
import { StopSwitch } from "../shared/stop-switch.ts";
import { loadBot } from "./registry.ts";

await runProgram((args) =>
  tellingFailure(async () => {
    const { name, check } = readArguments(args);
    const definition = await loadBot(name);
    const stop = new StopSwitch(systemClock);
    const equipped = await findSettings(name, process.env, process.cwd(), stop.signal);
    const { settings } = equipped;
    // In one order for all of them: the first answers for the token where main is not among them.
    const tokenBots = await Promise.all(settings.tokenBots.map(loadBot));
    if (check !== undefined) {
      const log = createLog({ label: name, level: settings.logLevel, print: printAside });
      const findings = await checkBot({ definition, tokenBots, equipped }, check, log);
      const said =
        check === "examine" ? JSON.stringify(findings) : `${name} can start with its settings.`;
      process.stdout.write(`${said}\n`);
      return exitCode.clean;
    }
    await requireFolders(settings);
    const skipNamedLock = maySkipNamedLock(equipped, process.env, process.cwd());
    return runBotProcess({ definition, tokenBots, equipped, skipNamedLock }, stop);
  }),
);

function readArguments(args: readonly string[]) {
  const [name, flag, ...rest] = args;
  const check = checkOf(flag);
  if (name === undefined || rest.length > 0 || (flag !== undefined && check === undefined))
    throw new UsageError("Usage: npm run bot -- <name> [--check | --examine]");
  return { name, check };
}

/** Standard output is for the findings. */
function printAside(line: string): void {
  process.stderr.write(`${line}\n`);
}

import { runBotProcess } from "../shared/bot-runtime/bot-process.ts";
import { findSettings, maySkipNamedLock } from "../shared/bot-runtime/settings-source.ts";
import { systemClock } from "../shared/clock.ts";
import { requireFolders } from "../shared/config/folders.ts";
import { UsageError } from "../shared/errors.ts";
import { runProgram } from "../shared/program.ts";
import { StopSwitch } from "../shared/stop-switch.ts";
import { loadBot } from "./registry.ts";

await runProgram(async (args) => {
  const [name, ...rest] = args;
  if (name === undefined || rest.length > 0) throw new UsageError("Usage: npm run bot -- <name>");
  const definition = await loadBot(name);
  const stop = new StopSwitch(systemClock);
  const equipped = await findSettings(name, process.env, process.cwd(), stop.signal);
  await requireFolders(equipped.settings);
  const skipNamedLock = maySkipNamedLock(equipped, process.env, process.cwd());
  // In one order for all of them: the first answers for the token where main is not among them.
  const tokenBots = await Promise.all(equipped.settings.tokenBots.map(loadBot));
  return runBotProcess({ definition, tokenBots, equipped, skipNamedLock }, stop);
});

import { runBotProcess } from "../shared/bot-runtime/bot-process.ts";
import { findSettings } from "../shared/bot-runtime/settings-source.ts";
import { systemClock } from "../shared/clock.ts";
import { readEnvironment } from "../shared/config/environment.ts";
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
  const { skipNamedLock } = readEnvironment(process.env, process.cwd());
  return runBotProcess(definition, equipped, skipNamedLock, stop);
});

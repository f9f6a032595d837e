import type { CheckContext } from "../../../shared/bot-runtime/define-bot.ts";
import { systemClock } from "../../../shared/clock.ts";
import { type AgentCatalogue, openAgentCatalogue } from "../agents/catalogue.ts";
import { readSessionOptions } from "./session-options.ts";

/** The agents and personas of main's options. @throws ConfigurationError naming file and key of what cannot be used */
export function catalogueFor({ config, sandbox, log }: CheckContext): AgentCatalogue {
  return openAgentCatalogue({
    options: config,
    personasFolder: readSessionOptions(config).personasFolder,
    environment: process.env,
    sandbox,
    clock: systemClock,
    log,
  });
}

import type { CheckContext } from "../../../shared/bot-runtime/define-bot.ts";
import type { BotFinding } from "../../../shared/contract/bot-check.ts";
import type { AgentCatalogue } from "../agents/catalogue.ts";
import { catalogueFor } from "./catalogue-for.ts";

/** @throws ConfigurationError for options, agents or personas with which main could not start */
export function checkOptions(context: CheckContext): void {
  catalogueFor(context);
}

/** Whether the configured agents could be started, and which versions they are; for `doctor`. */
export async function examineAgents(context: CheckContext): Promise<readonly BotFinding[]> {
  const catalogue = catalogueFor(context);
  return Promise.all(catalogue.list().map(({ name }) => examineAgent(catalogue, name)));
}

async function examineAgent(catalogue: AgentCatalogue, name: string): Promise<BotFinding> {
  const driver = catalogue.driver(name);
  const missing = driver?.missing();
  const isDefault = name === catalogue.defaultAgent;
  if (missing !== undefined)
    return { level: isDefault ? "fail" : "warn", text: `Agent ${name}: ${missing}` };
  const program = await driver?.examine?.();
  if (program === undefined)
    return { level: "ok", text: `Agent ${name} comes with us and needs nothing.` };
  const { file, version } = program;
  if (version !== undefined) return { level: "ok", text: `Agent ${name}: ${file}, ${version}.` };
  return {
    level: "warn",
    text: `Agent ${name}: ${file} does not tell its version. Try it by hand: ${file} --version`,
  };
}

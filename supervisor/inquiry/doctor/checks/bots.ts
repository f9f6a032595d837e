import { equipBot, handOver, type TelegramAccess } from "../../../../shared/config/bot-settings.ts";
import type { BotConfig, FleetConfig } from "../../../../shared/config/fleet-config.ts";
import { OperatorError } from "../../../../shared/errors.ts";
import { fleetId } from "../../../../shared/process/marker.ts";
import { checkBot } from "../../../fleet/process/check-bot.ts";
import type { Finding, Patient } from "../finding.ts";

const check = "bots";

/** Whether every bot of bots/ could start with its options, and what it says of its machine: main of its agents. */
export async function checkBots(patient: Patient): Promise<Finding[]> {
  const { config, access, clock } = patient;
  if (config === undefined) return [];
  const findings: Finding[] = [];
  const usable: string[] = [];
  const signal = new AbortController().signal;
  for (const bot of config.bots) {
    if (bot.command !== undefined) continue;
    try {
      const equipped = equipBot(config, bot, access ?? imagined(config));
      const environment = handOver(equipped);
      const fleet = fleetId(config.stateDir);
      const own = { name: bot.name, what: "examine", fleet, environment, clock, signal } as const;
      const found = await checkBot(own);
      usable.push(bot.name);
      findings.push(...found.map(({ level, text }) => ({ check, level, text })));
    } catch (error) {
      if (!(error instanceof OperatorError)) throw error;
      findings.push({ check, level: "fail", text: refusal(bot, error) });
    }
  }
  if (usable.length === 0) return findings;
  const text = `The options of ${usable.join(", ")} can be used.`;
  return [{ check, level: "ok", text }, ...findings];
}

function refusal({ name }: BotConfig, { message }: OperatorError): string {
  return `${name} cannot start with its settings:\n${message}`;
}

/** Options can be looked at without a token that works: nobody is asked. */
function imagined({ bots }: FleetConfig): TelegramAccess {
  return {
    apiRoot: "http://127.0.0.1",
    tokens: new Map(bots.map(({ name }, index) => [name, { botId: index + 1, token: "none" }])),
    extraUsers: [],
    sandbox: { url: "http://127.0.0.1", key: "none" },
  };
}

import { resolveTokens, type TokenSource } from "../../../../shared/config/bot-tokens.ts";
import { type FleetConfig, loadFleetConfig } from "../../../../shared/config/fleet-config.ts";
import { OperatorError } from "../../../../shared/errors.ts";
import type { Finding, Patient } from "../finding.ts";

const check = "configuration";

/** fleet.yaml, the environment, and which bot has which token. */
export function checkConfiguration({ environment, workingDir }: Patient): Finding[] {
  try {
    const config = loadFleetConfig(environment, workingDir);
    const names = config.bots.map(({ name }) => name).join(", ");
    const from = config.file ?? "no fleet.yaml, so every folder of bots/ is a bot";
    return [
      { check, level: "ok", text: `${from}: ${names}.` },
      ...config.warnings.map((text): Finding => ({ check, level: "warn", text })),
      ...accessFindings(config),
      ...tokenFindings(config, resolveTokens(config)),
    ];
  } catch (error) {
    if (error instanceof OperatorError) return [{ check, level: "fail", text: error.message }];
    throw error;
  }
}

function accessFindings({ allowedUsers }: FleetConfig): Finding[] {
  if (allowedUsers.length > 0) return [];
  return [
    {
      check,
      level: "warn",
      text: "No user is allowed (TG_ALLOWED_USERS, allowed_users): bots with an allowlist, main among them, answer nobody but the sandbox's own user.",
    },
  ];
}

function tokenFindings(config: FleetConfig, source: TokenSource): Finding[] {
  if (source.kind === "sandbox") {
    const text = "No token is set: the fleet runs against the sandbox.";
    return [{ check, level: "ok", text }];
  }
  const bots = new Map<number, string[]>();
  for (const [name, { botId }] of source.tokens)
    bots.set(botId, [...(bots.get(botId) ?? []), name]);
  return [...bots].map(([botId, names]): Finding => {
    const [first] = names;
    if (names.length === 1)
      return { check, level: "ok", text: `${first} has the token of bot ${botId}.` };
    const explicit = names.filter((name) => isSet(config, name));
    const text = `${names.join(", ")} share the token of bot ${botId}: one of them polls, the others read along.`;
    // Falling back to main's token is meant; two variables with one token mostly are not.
    return explicit.length > 1
      ? {
          check,
          level: "warn",
          text: `${text} It is set for ${explicit.join(" and ")}; is that meant?`,
        }
      : { check, level: "ok", text };
  });
}

function isSet({ bots, environment }: FleetConfig, name: string): boolean {
  const variable = bots.find((bot) => bot.name === name)?.tokenVariable;
  return variable !== undefined && environment.variables[variable] !== undefined;
}

import { ConfigurationError } from "../errors.ts";
import { botIdOf } from "../telegram/token.ts";
import { type FleetConfig, mainTokenVariable } from "./fleet-config.ts";

export interface BotToken {
  readonly token: string;
  readonly botId: number;
}

/** Where the fleet's tokens come from: the environment, or (none set) the sandbox, which makes its own. */
export type TokenSource =
  | { readonly kind: "environment"; readonly tokens: ReadonlyMap<string, BotToken> }
  | { readonly kind: "sandbox" };

/**
 * The token of every bot. A bot whose variable is not set shares main's token; a command must have its own.
 * @throws ConfigurationError where an auxiliary token stands without main's, in production without a token, where a
 *   token has not the form Telegram gives, and where a command has none of its own
 */
export function resolveTokens(config: FleetConfig): TokenSource {
  const { variables, production } = config.environment;
  const given = (variable: string): string | undefined => variables[variable];
  const mainVariable = config.bots[0]?.tokenVariable ?? mainTokenVariable;
  const main = given(mainVariable);
  if (main === undefined) {
    const lonely = [mainTokenVariable, ...config.bots.map((bot) => bot.tokenVariable)].find(
      (variable) => given(variable) !== undefined,
    );
    if (lonely !== undefined) {
      throw new ConfigurationError(
        `${lonely} is set but ${mainVariable} is not. Set ${mainVariable} too (the main bot's token from @BotFather), or unset both to use the sandbox.`,
      );
    }
    if (production) {
      throw new ConfigurationError(
        `${mainVariable} is not set and NODE_ENV is production, where the sandbox is not used. Set ${mainVariable} in the environment or in .env.`,
      );
    }
    return { kind: "sandbox" };
  }
  const tokens = config.bots.map(({ name, tokenVariable }): [string, BotToken] => {
    const token = given(tokenVariable) ?? main;
    return [name, { token, botId: botIdOf(token, tokenVariable) }];
  });
  refuseSharedTokens(config, mainVariable, new Map(tokens));
  return { kind: "environment", tokens: new Map(tokens) };
}

/** A command polls by itself and shares nothing: a second reader of its token would take its updates away. */
function refuseSharedTokens(
  config: FleetConfig,
  mainVariable: string,
  tokens: ReadonlyMap<string, BotToken>,
): void {
  const { variables } = config.environment;
  for (const { name, tokenVariable, command } of config.bots) {
    if (command === undefined) continue;
    if (variables[tokenVariable] === undefined) {
      throw new ConfigurationError(
        `bots.${name} is a command and needs a token of its own. Set ${tokenVariable} (a token from @BotFather), or name another variable by token_env.`,
      );
    }
    const same = config.bots.find(
      (other) => other.name !== name && tokens.get(other.name)?.botId === tokens.get(name)?.botId,
    );
    if (same !== undefined) {
      throw new ConfigurationError(
        `bots.${name} is a command and cannot share a token, but ${same.name} has the same one (${tokenVariable} and ${variables[same.tokenVariable] === undefined ? mainVariable : same.tokenVariable} are tokens of one bot). Make another bot with @BotFather.`,
      );
    }
  }
}

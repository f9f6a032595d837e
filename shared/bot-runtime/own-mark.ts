import type { BotSettings } from "../config/bot-settings.ts";
import { fleetId, markEnvironment, markVariable, parseMark } from "../process/marker.ts";

/**
 * The mark for what a bot starts. Under a supervisor it is the bot's own: its owner is the supervisor, which looks for
 * it when the bot is gone. A standalone bot answers for itself.
 */
export function ownMark({ name, stateDir }: BotSettings): {
  readonly fleetId: string;
  readonly childMark: Readonly<Record<string, string>>;
} {
  const fleet = fleetId(stateDir);
  const inherited = process.env[markVariable];
  const own = inherited === undefined ? undefined : parseMark(inherited);
  const isOurs = own?.fleet === fleet && own.bot === name;
  return {
    fleetId: fleet,
    childMark:
      inherited !== undefined && isOurs
        ? { [markVariable]: inherited }
        : markEnvironment(fleet, name),
  };
}

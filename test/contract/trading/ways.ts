import { FleetHome } from "../../support/fleet-home.ts";
import { eventually } from "../../support/program.ts";
import type { SandboxClient, SandboxMessage } from "../../support/sandbox-client.ts";

interface Opened {
  readonly home: FleetHome;
  /** The newcomer's private chat in which the bot answers. */
  readonly chat: number;
}

export type Way = readonly [name: string, open: (sandbox: SandboxClient) => Promise<Opened>];

const auxiliaryBots = ["buy_tracker", "treasury", "public_trading_bot"] as const;

/** The three ways in which an auxiliary bot runs. */
export function ways(
  bot: (typeof auxiliaryBots)[number],
  options: Readonly<Record<string, unknown>> = {},
): readonly Way[] {
  const sections = auxiliaryBots.map((name) => [name, name === bot ? { options } : {}]);
  // JSON is YAML, too.
  const fleetYaml = `bots: ${JSON.stringify({ main: {}, ...Object.fromEntries(sections) })}`;
  const open =
    (isShared: boolean, isAlone: boolean) =>
    async (sandbox: SandboxClient): Promise<Opened> => {
      // A name each: the newcomer has a chat with every bot.
      const names = { main: `main_${isShared}_${isAlone}`, own: `${bot}_${isAlone}` };
      const main = await sandbox.makeBot(names.main);
      const own = isShared ? main : await sandbox.makeBot(names.own);
      const { me } = await sandbox.state();
      const home = new FleetHome({
        fleetYaml,
        env: {
          TELEGRAM_API_ROOT: sandbox.url,
          TELEGRAM_BOT_TOKEN: main.token,
          [`${bot.replace(/_bot$/, "").toUpperCase()}_BOT_TOKEN`]: own.token,
          TG_ALLOWED_USERS: String(me),
        },
      });
      if (isAlone) await home.bot(bot).printed(new RegExp(`\\[${bot}\\] ready`));
      else await home.allReady(home.supervisor());
      return { home, chat: await sandbox.privateChat(isShared ? names.main : names.own) };
    };
  return [
    ["on main's token", open(true, false)],
    ["on a token of its own", open(false, false)],
    ["standalone", open(false, true)],
  ];
}

/** The first message of a bot after `messageId` that fits, whatever its form: text, rich or a picture's caption. */
export function said(
  sandbox: SandboxClient,
  chat: number,
  messageId: number,
  pattern: RegExp,
  home: FleetHome,
  withinMs = 10_000,
): Promise<SandboxMessage> {
  return eventually(
    async () =>
      (await sandbox.messages(chat)).find(
        (message) =>
          message.message_id > messageId &&
          message.from?.is_bot === true &&
          pattern.test(JSON.stringify(message)),
      ),
    () => `an answer like ${String(pattern)}\n${home.allOutput()}`,
    withinMs,
  );
}

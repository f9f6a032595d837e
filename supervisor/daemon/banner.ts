import { mainTokenVariable } from "../../shared/config/fleet-config.ts";

/** Where the fleet's page is. A terminal is for one person; what is piped may end in a journal, and gets no token. */
export function pageLine(
  page: { readonly url: string; readonly address: string },
  isTerminal: boolean,
): string {
  return isTerminal
    ? `Fleet page: ${page.address}`
    : `Fleet page: ${page.url}/ (the address to open: npx tg-supervisor page)`;
}

/** What a newcomer without a token sees first. */
export function sandboxBanner(url: string): string {
  const lines = [
    "No bot token is set: the fleet runs against the sandbox, an embedded Bot API on this machine.",
    "",
    `    Talk to the bots:  ${url}/`,
    "",
    `To go live: export ${mainTokenVariable}=<token from @BotFather>, then start again.`,
  ];
  const width = Math.max(...lines.map((line) => line.length));
  const rule = "-".repeat(width + 4);
  return [rule, ...lines.map((line) => `| ${line.padEnd(width)} |`), rule].join("\n");
}

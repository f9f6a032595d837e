import { mainTokenVariable } from "../../shared/config/fleet-config.ts";

interface Page {
  readonly url: string;
  /** With the token. */
  readonly address: string;
}

/** Where the fleet's page is. A terminal is for one person; what is piped may end in a journal, and gets no token. */
function whereItIs({ url, address }: Page, isTerminal: boolean): string {
  return isTerminal ? address : `${url}/ (the address to open: npx tg-supervisor page)`;
}

export function pageLine(page: Page, isTerminal: boolean): string {
  return `Fleet page: ${whereItIs(page, isTerminal)}`;
}

/** What a newcomer without a token sees first. */
export function sandboxBanner(page: Page, sandboxUrl: string, isTerminal: boolean): string {
  const lines = [
    "No bot token is set: the fleet runs against the sandbox, an embedded Bot API on this machine.",
    "",
    `    See the fleet and talk to the bots:  ${whereItIs(page, isTerminal)}`,
    `    The chat alone:  ${sandboxUrl}/`,
    "",
    `To go live: export ${mainTokenVariable}=<token from @BotFather>, then start again.`,
  ];
  const width = Math.max(...lines.map((line) => line.length));
  const rule = "-".repeat(width + 4);
  return [rule, ...lines.map((line) => `| ${line.padEnd(width)} |`), rule].join("\n");
}

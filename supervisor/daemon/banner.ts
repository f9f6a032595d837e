import { mainTokenVariable } from "../../shared/config/fleet-config.ts";

interface Page {
  readonly url: string;
  /** With the token. */
  readonly address: string;
}

/**
 * What a person sees first: where the fleet's page is. A terminal is for one person; what is piped may end in a journal,
 * and gets no token.
 */
export function greeting(page: Page, sandboxUrl: string | undefined, isTerminal: boolean): string {
  const place = isTerminal
    ? page.address
    : `${page.url}/ (the address to open: npx tg-supervisor page)`;
  return sandboxUrl === undefined ? `Fleet page: ${place}` : sandboxBanner(place, sandboxUrl);
}

/** For a newcomer without a token. */
function sandboxBanner(place: string, sandboxUrl: string): string {
  const lines = [
    "No bot token is set: the fleet runs against the sandbox, an embedded Bot API on this machine.",
    "",
    `    See the fleet and talk to the bots:  ${place}`,
    `    The chat alone:  ${sandboxUrl}/`,
    "",
    `To go live: export ${mainTokenVariable}=<token from @BotFather>, then start again.`,
  ];
  const width = Math.max(...lines.map((line) => line.length));
  const rule = "-".repeat(width + 4);
  return [rule, ...lines.map((line) => `| ${line.padEnd(width)} |`), rule].join("\n");
}

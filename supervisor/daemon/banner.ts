import { mainTokenVariable } from "../../shared/config/fleet-config.ts";
import type { SandboxDoor } from "../../shared/config/sandbox-address.ts";
import { pageAddress } from "../control/contract/places.ts";

interface Page {
  readonly url: string;
  /** With the token. */
  readonly address: string;
}

/**
 * What a person sees first: where the fleet's page is. A terminal is for one person; what is piped may end in a journal,
 * and gets no token.
 */
export function greeting(
  page: Page,
  sandbox: SandboxDoor | undefined,
  isTerminal: boolean,
): string {
  const place = isTerminal
    ? page.address
    : `${page.url}/ (the address to open: npx tg-supervisor page)`;
  return sandbox === undefined
    ? `Fleet page: ${place}`
    : sandboxBanner(place, placeToOpen(sandbox, isTerminal));
}

/** Where the sandbox's own page is; with its key for one person at a terminal. */
export function placeToOpen({ url, key }: SandboxDoor, isTerminal: boolean): string {
  return isTerminal
    ? pageAddress(url, key)
    : `${url}/ (the key that it asks for: sandbox/key in the state folder)`;
}

/** For a newcomer without a token. */
function sandboxBanner(page: string, chat: string): string {
  const lines = [
    "No bot token is set: the fleet runs against the sandbox, an embedded Bot API on this machine.",
    "",
    `    See the fleet and talk to the bots:  ${page}`,
    `    The chat alone:  ${chat}`,
    "",
    `To go live: export ${mainTokenVariable}=<token from @BotFather>, then start again.`,
  ];
  const width = Math.max(...lines.map((line) => line.length));
  const rule = "-".repeat(width + 4);
  return [rule, ...lines.map((line) => `| ${line.padEnd(width)} |`), rule].join("\n");
}

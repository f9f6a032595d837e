import type { InlineKeyboardMarkup } from "../../../shared/telegram/bot-api.ts";
import type { PermissionAsk } from "../agents/port.ts";
import { keyboard } from "./press.ts";

/** So much stands in the message of the buttons, with room for what is said around it and how it ended. */
const mostCharsInPrompt = 3_000;

/** May the tool do this? With all that it would do, or the word where that stands. */
export function permissionWords(
  request: string,
  session: string,
  ask: PermissionAsk,
): { readonly markdown: string; readonly keyboard: InlineKeyboardMarkup } {
  const question = `🔐 Session '${session}' asks: may it use ${toolName(ask)}?`;
  return {
    markdown: [question, toldHere(ask)].filter((part) => part !== "").join("\n\n"),
    keyboard: keyboard([
      ["Allow", { kind: "permission", request, isAllowed: true }],
      ["Deny", { kind: "permission", request, isAllowed: false }],
    ]),
  };
}

/** What does not fit beside the buttons, to be said before them; undefined where it does. */
export function wholeInputWords(session: string, ask: PermissionAsk): string | undefined {
  if (isShort(ask.summary)) return undefined;
  const head = `🔐 For this session '${session}' wants to use ${toolName(ask)} (${chars(ask.summary)}):`;
  return `${head}\n\n${fenced(ask.summary)}`;
}

function toldHere({ summary }: PermissionAsk): string {
  if (summary === "") return "Without any input.";
  if (isShort(summary)) return fenced(summary);
  return `⚠️ Its input is long: all ${chars(summary)} of it stand above. Read them before you allow it.`;
}

function isShort(summary: string): boolean {
  // A tab becomes four spaces on its way.
  return summary.replaceAll("\t", "    ").length <= mostCharsInPrompt;
}

function chars(text: string): string {
  return `${text.length.toLocaleString("en")} characters`;
}

/** Behind more backticks than any that stand in it: nothing in it can end it. */
function fenced(text: string): string {
  const runs = text.match(/`+/g) ?? [];
  const longest = runs.reduce((most, run) => Math.max(most, run.length), 2);
  const fence = "`".repeat(longest + 1);
  return `${fence}\n${text}\n${fence}`;
}

/** An agent's server may have named it. */
function toolName({ tool }: PermissionAsk): string {
  return `**${tool.replaceAll(/[^\w .-]/gu, "?").slice(0, 200)}**`;
}

import { UPDATE_TYPES, type UpdateType } from "../../../shared/telegram/bot-api.ts";

/** Kinds that a bot gets only if it asks for them by name (Bot API documentation of getUpdates). */
const onRequestOnly: ReadonlySet<UpdateType> = new Set([
  "chat_member",
  "message_reaction",
  "message_reaction_count",
]);

export const defaultAllowedUpdates: readonly UpdateType[] = UPDATE_TYPES.filter(
  (kind) => !onRequestOnly.has(kind),
);

/**
 * What Telegram makes of the `allowed_updates` text of a call. Undefined: the previous setting stays, which is also
 * its answer to text that is no JSON list of strings. Unknown names are skipped; a list without a known name means
 * the default.
 */
export function parseAllowedUpdates(text: string | undefined): readonly UpdateType[] | undefined {
  if (text === undefined || text === "") return undefined;
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (!Array.isArray(value) || !value.every((name) => typeof name === "string")) return undefined;
  const asked = new Set(value.map((name: string) => name.toLowerCase()));
  const known = UPDATE_TYPES.filter((kind) => asked.has(kind));
  return known.length === 0 ? defaultAllowedUpdates : known;
}

/** getWebhookInfo shows the list only where it is not the default. */
export function isDefaultAllowedUpdates(kinds: readonly UpdateType[]): boolean {
  return (
    kinds.length === defaultAllowedUpdates.length &&
    defaultAllowedUpdates.every((kind) => kinds.includes(kind))
  );
}

import { UsageError } from "../../../shared/errors.ts";

/** What somebody wants explained. */
export type Subject =
  | { readonly kind: "update"; readonly updateId: number }
  | {
      readonly kind: "message";
      /** A public chat has its name in links, not its id. */
      readonly chat: { readonly id: number } | { readonly username: string };
      readonly messageId: number;
    };

/** Links say 123 for the chat -100123 (Bot API: ids of supergroups and channels). */
const supergroupOffset = -1_000_000_000_000;

/**
 * An update id, a message's link (`https://t.me/c/123/45`, `.../c/123/<topic>/45`, `https://t.me/name/45`) or
 * `<chat id>/<message id>` for a chat that has no links.
 * @throws UsageError for anything else
 */
export function parseSubject(text: string): Subject {
  const words = text.trim();
  if (/^\d{1,15}$/.test(words)) return { kind: "update", updateId: Number(words) };
  const plain = /^(-?\d{1,16})\/(\d{1,15})$/.exec(words);
  if (plain !== null) return message({ id: Number(plain[1]) }, plain[2]);
  const link = /^(?:https?:\/\/)?(?:t|telegram)\.me\/([^?#]+)/.exec(words)?.[1]?.split("/") ?? [];
  const messageId = link.at(-1);
  if (link[0] === "c" && link.length >= 3 && link.slice(1).every((part) => /^\d{1,15}$/.test(part)))
    return message({ id: supergroupOffset - Number(link[1]) }, messageId);
  if (link.length >= 2 && /^\w{4,32}$/.test(link[0] ?? "") && /^\d{1,15}$/.test(messageId ?? ""))
    return message({ username: (link[0] ?? "").toLowerCase() }, messageId);
  throw new UsageError(
    `"${words.slice(0, 100)}" is no update id, no link to a message and no <chat id>/<message id>.`,
  );
}

function message(
  chat: Extract<Subject, { kind: "message" }>["chat"],
  messageId: string | undefined,
): Subject {
  return { kind: "message", chat, messageId: Number(messageId) };
}

/** A longer target would take a large part of what all entities of a message may weigh (docs/rendering.md). */
const maxLength = 2_048;

/**
 * The target as Telegram takes it in a `text_link`, or nothing: `http` and `https` with a dot in the host (or an
 * IPv6 address) and `tg://`. One refused target makes Telegram refuse the whole message.
 */
export function linkTarget(target: string): string | undefined {
  let url: URL;
  try {
    url = new URL(target);
  } catch {
    return undefined;
  }
  const known =
    url.protocol === "tg:"
      ? /^tg:\/\/[a-z]/i.test(target)
      : (url.protocol === "https:" || url.protocol === "http:") &&
        (url.hostname.startsWith("[") || /[^.]\.[^.]/.test(url.hostname));
  return known && url.href.length <= maxLength ? url.href : undefined;
}

/** How a target is shown beside its label; nothing where the label already says it. */
export function shownTarget(label: string, target: string): string {
  const clean = target.replace(/^mailto:/i, "");
  if (clean === "" || label.includes(clean)) return "";
  return label.trim() === "" ? clean : ` (${clean})`;
}

/**
 * @typedef {{ type: string, offset: number, length: number, url?: string, language?: string }} Entity
 * @typedef {{ text: string } | { entity: Entity, children: Segment[] }} Segment
 */

const blocks = new Set(["pre", "blockquote", "expandable_blockquote"]);

/**
 * The text of a message as a tree: pieces of plain text, and entities with what lies inside them. Offsets count
 * UTF-16 units, as Telegram's do and JavaScript's strings. What sticks out of its parent is cut off there.
 *
 * @param {string} text
 * @param {readonly Entity[]} [entities]
 * @returns {Segment[]}
 */
export function segments(text, entities = []) {
  const ordered = entities.toSorted((a, b) => a.offset - b.offset || b.length - a.length);
  return between(text, 0, text.length, ordered);
}

function between(text, from, to, entities) {
  const found = [];
  let at = from;
  for (const [index, entity] of entities.entries()) {
    const start = Math.max(entity.offset, from);
    const end = Math.min(entity.offset + entity.length, to);
    if (start < at || end <= start) continue;
    if (start > at) found.push({ text: text.slice(at, start) });
    const inside = entities.slice(index + 1).filter((inner) => inner.offset < end);
    found.push({ entity, children: between(text, start, end, inside) });
    // A block ends its line by itself: the line break after it would show as an empty line.
    at = blocks.has(entity.type) && text[end] === "\n" ? Math.min(end + 1, to) : end;
  }
  if (at < to) found.push({ text: text.slice(at, to) });
  return found;
}

/** The plain text below a segment. */
export function plainText(segment) {
  return "text" in segment ? segment.text : segment.children.map(plainText).join("");
}

/**
 * An address that may stand in a link, or undefined: a bot must not be able to make the page run a script.
 *
 * @param {string | undefined} address
 */
export function safeAddress(address) {
  if (!address) return undefined;
  const complete = /^[a-z][a-z0-9+.-]*:/i.test(address) ? address : `https://${address}`;
  return /^(https?|tg|mailto):/i.test(complete) ? complete : undefined;
}

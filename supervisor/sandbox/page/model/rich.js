/** The plain words of a rich text: a string, a list of parts, or a styled one. */
export function wordsOf(text) {
  if (text === undefined || text === null) return "";
  if (typeof text === "string") return text;
  if (Array.isArray(text)) return text.map(wordsOf).join("");
  return wordsOf(text.text ?? text.expression ?? text.alternative_text ?? text.button?.text);
}

const ofBlock = (block) =>
  [
    wordsOf(block.summary ?? block.text ?? block.expression),
    ...(block.blocks ?? []).map(ofBlock),
    ...(block.items ?? []).map((item) => [item.label, ...item.blocks.map(ofBlock)].join(" ")),
    ...(block.cells ?? []).map((row) => row.map((cell) => wordsOf(cell.text)).join(" ")),
  ].join(" ");

/** What a rich message says, in one line. */
export function richWords(message) {
  return message.blocks.map(ofBlock).join(" ").replaceAll(/\s+/g, " ").trim();
}

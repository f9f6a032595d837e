/**
 * Text of somebody else's (names, symbols) as Markdown that shows it as it is, in one line. By character references: a
 * backslash before a bracket would begin a formula.
 */
export function markdownText(text: string): string {
  return text
    .replaceAll(/\s+/g, " ")
    .replaceAll(/[!-/:-@[-`{-~]/g, (sign) => `&#${sign.charCodeAt(0)};`);
}

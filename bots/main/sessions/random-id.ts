/** So many letters and digits: short, because it stands in buttons and names folders. */
export function randomId(length: number, random: () => number): string {
  return Array.from({ length }, () => Math.floor(random() * 36).toString(36)).join("");
}

/** Whether it could be one of that length. */
export function isRandomId(text: string, length: number): boolean {
  return text.length === length && /^[a-z0-9]+$/.test(text);
}

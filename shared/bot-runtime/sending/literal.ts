/** Takes away what Markdown would read as markup. (Brackets stay: behind a backslash they would open a formula.) */
export function literal(text: string): string {
  return text.replaceAll(/[\\`*_~$<>#|]/g, String.raw`\$&`);
}

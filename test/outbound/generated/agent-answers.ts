/** Answers as coding agents write them: prose, lists, code, now and then a table; the same numbers, the same answers. */
export function agentAnswers(count: number, random: () => number): string[] {
  return Array.from({ length: count }, () => answer(random));
}

const words =
  "the change reads each file once and keeps a lease so that no update is lost when the poller ends before its time".split(
    " ",
  );

function answer(random: () => number): string {
  const sections = 2 + Math.floor(random() * 5);
  return Array.from({ length: sections }, () => section(random)).join("\n\n");
}

function section(random: () => number): string {
  const kind = random();
  if (kind < 0.15) return `## ${prose(5, random)}\n\n${prose(40, random)}`;
  if (kind < 0.45) return prose(60, random);
  if (kind < 0.7) return items(random);
  if (kind < 0.9) return code(random);
  return kind < 0.95 ? table(random) : `> ${prose(30, random)}`;
}

function prose(length: number, random: () => number): string {
  return Array.from({ length }, () => {
    const word = words[Math.floor(random() * words.length)] ?? "";
    const style = random();
    if (style < 0.03) return `**${word}**`;
    if (style < 0.08) return `\`${word}.ts\``;
    if (style < 0.09) return `[${word}](src/${word}.ts#L10)`;
    return style < 0.1 ? `[${word}](https://example.com/${word})` : word;
  }).join(" ");
}

const items = (random: () => number): string =>
  Array.from(
    { length: 5 },
    (_, index) => `${index % 3 === 2 ? "  " : ""}- ${prose(12, random)}`,
  ).join("\n");

const code = (random: () => number): string =>
  `\`\`\`ts\n${"export const value = await read(path, { signal });\n".repeat(2 + Math.floor(random() * 15))}\`\`\``;

const table = (random: () => number): string =>
  `| file | lines | result |\n|---|--:|---|\n${`| ${prose(1, random)} | 120 | passed |\n`.repeat(6)}`;

const words =
  "the change reads each file once and keeps a lease so that no update is lost when the poller ends before its time".split(
    " ",
  );

/** Answers as coding agents write them: prose, lists, code, now and then a table; the same numbers, the same answers. */
export function agentAnswers(count, random) {
  return Array.from({ length: count }, () => answer(random));
}

function answer(random) {
  const sections = 2 + Math.floor(random() * 5);
  return Array.from({ length: sections }, () => section(random)).join("\n\n");
}

function section(random) {
  const kind = random();
  if (kind < 0.15) return `## ${prose(5, random)}\n\n${prose(40, random)}`;
  if (kind < 0.45) return prose(60, random);
  if (kind < 0.7) return items(random);
  if (kind < 0.9) return code(random);
  return kind < 0.95 ? table(random) : `> ${prose(30, random)}`;
}

function prose(length, random) {
  return Array.from({ length }, () => {
    const word = words[Math.floor(random() * words.length)] ?? "";
    const style = random();
    if (style < 0.03) return `**${word}**`;
    if (style < 0.08) return `\`${word}.ts\``;
    if (style < 0.09) return `[${word}](src/${word}.ts#L10)`;
    return style < 0.1 ? `[${word}](https://example.com/${word})` : word;
  }).join(" ");
}

function items(random) {
  const item = (_, index) => `${index % 3 === 2 ? "  " : ""}- ${prose(12, random)}`;
  return Array.from({ length: 5 }, item).join("\n");
}

function code(random) {
  const line = "export const value = await read(path, { signal });\n";
  return `\`\`\`ts\n${line.repeat(2 + Math.floor(random() * 15))}\`\`\``;
}

function table(random) {
  const row = `| ${prose(1, random)} | 120 | passed |\n`;
  return `| file | lines | result |\n|---|--:|---|\n${row.repeat(6)}`;
}

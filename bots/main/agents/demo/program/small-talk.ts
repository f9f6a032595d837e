import { acts } from "./acts.ts";
import type { Memory } from "./memory.ts";

export interface Talk {
  readonly memory: Memory;
  readonly model: string;
  readonly persona: string | undefined;
  readonly images: number;
}

/** What the demo agent says to whatever is no word of its table. The last message is what was said now. */
export function smallTalk({ memory, model, persona, images }: Talk): string {
  const turn = memory.messages.length;
  const said = memory.messages.at(-1) ?? "";
  if (said.trim().toLowerCase() === "help") return help();
  if (said.trim().toLowerCase() === "history") return history(memory);
  if (said.trim().toLowerCase() === "who")
    return `Model ${model}, conversation ${memory.id}, folder ${process.cwd()}.\nPersona: ${persona ?? "none"}`;
  const pictures =
    images === 0 ? "" : ` and sent ${images === 1 ? "a picture" : `${images} pictures`}`;
  const opening = `turn ${turn}: you said ${quote(said)}${pictures}.`;
  if (turn === 1)
    return `${opening}

Hello! I am the **demo agent**: a real process with tools, permissions and a memory, but no model behind me. Try one of these:

- \`tool 3\` and I run a command for three seconds
- \`ask\` and I ask for a permission, \`question\` and I ask you something
- \`background 5\` and I speak up by myself later
- \`slow 10\` and you have time to press **Stop**

\`help\` lists everything.`;
  return `${opening}\n\nI remember ${turn - 1} earlier ${turn === 2 ? "message" : "messages"}; it began with ${quote(memory.messages[0] ?? "")}.`;
}

function help(): string {
  const lines = Object.entries(acts).map(([word, { does, amount }]) => {
    return `- \`${amount === undefined ? word : `${word} ${amount}`}\` ${does}`;
  });
  return [
    "I obey these words:",
    "",
    ...lines,
    "- `history` tells what I remember, `who` who I am",
  ].join("\n");
}

function history({ messages }: Memory): string {
  return messages.map((message, at) => `${at + 1}. ${quote(message)}`).join("\n");
}

function quote(text: string): string {
  const line = text.replaceAll(/\s+/g, " ").trim();
  return `"${line.length <= 100 ? line : `${line.slice(0, 100)}…`}"`;
}

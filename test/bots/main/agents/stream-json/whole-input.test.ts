import { describe, expect, it } from "vitest";
import { wholeInput } from "../../../../../bots/main/agents/stream-json/decoding/whole-input.ts";
import type { Fields } from "../../../../../shared/fields.ts";

describe("what a person reads before a tool may run", () => {
  it.each<[string, Fields, string]>([
    ["nothing", {}, ""],
    [
      "a file with its content",
      { content: "#!/bin/sh\nrm -rf ~", file_path: "/a" },
      "file_path: /a\ncontent:\n  #!/bin/sh\n  rm -rf ~",
    ],
    [
      "a command that leaves its sandbox",
      { description: "Lists", dangerouslyDisableSandbox: true, command: "ls" },
      "command: ls\ndescription: Lists\ndangerouslyDisableSandbox: true",
    ],
    [
      "a tool of which only a description is known",
      { description: "harmless", amount: 900, to: { name: "x" }, note: null },
      'description: harmless\namount: 900\nto: {"name":"x"}\nnote: null',
    ],
    [
      "lists that are long, in lines",
      { edits: [{ old: "a".repeat(50), new: "b".repeat(50) }] },
      `edits:\n  [\n    {\n      "old": "${"a".repeat(50)}",\n      "new": "${"b".repeat(50)}"\n    }\n  ]`,
    ],
    [
      "a value that looks like another key",
      { command: "a\ndescription: b" },
      "command:\n  a\n  description: b",
    ],
    ["a key that looks like more", { "a: b\nc": 1 }, '"a: b\\nc": 1'],
    ["an empty text", { command: "" }, 'command: ""'],
    [
      "what no screen shows",
      { command: "a\u202eb\u200b\rc\u0007\td\r\ne" },
      "command:\n  a\\u{202e}b\\u{200b}\\u{d}c\\u{7}\td\n  e",
    ],
  ])("is %s", (_, input, words) => {
    expect(wholeInput(input)).toBe(words);
  });

  it("is the whole of it, however long, and quick for hostile depth", () => {
    const command = "x".repeat(100_000);
    expect(wholeInput({ command })).toBe(`command: ${command}`);
    const deep: unknown = JSON.parse(`${"[".repeat(4_000)}${"]".repeat(4_000)}`);
    expect(wholeInput({ deep }).length).toBeLessThan(10_000);
    const deeper = Array.from({ length: 100_000 }).reduce<unknown>((inner) => [inner], 1);
    expect(wholeInput({ deeper })).toContain("cannot be seen");
  });
});

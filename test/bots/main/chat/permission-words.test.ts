import { describe, expect, it } from "vitest";
import { permissionWords, wholeInputWords } from "../../../../bots/main/chat/permission-words.ts";
import { answerItems } from "../../../../shared/outbound/forms/answer-items.ts";
import { readMarkdown } from "../../../../shared/outbound/render/markdown/read-markdown.ts";
import { home } from "../sessions/stage/stage.ts";
import { settle, World } from "./placed-lives.ts";

const ask = (summary: string, tool = "Bash") => ({ kind: "permission" as const, tool, summary });

describe("a prompt for a permission", () => {
  it.each([
    ["a command", "command: ls"],
    ["a fence that ends early", "command:\n  cat <<A\n```\n<details>\n\nrm -rf ~\n</details>\n  A"],
    ["longer fences", "command: ````` ``` ````````"],
    ["markup", "command: **bold** <b> [a](http://b)"],
  ])("shows %s as it is", (_, summary) => {
    const blocks = readMarkdown(permissionWords("r", "w", ask(summary)).markdown);
    expect(blocks.map(({ kind }) => kind)).toEqual(["paragraph", "code"]);
    expect(blocks[1]).toMatchObject({ text: summary });
    expect(wholeInputWords("w", ask(summary))).toBeUndefined();
  });

  it("says where the rest of a long input stands, which is said before it and hides nothing", () => {
    const summary = `command: ${"``` x\n".repeat(5_000)}`;
    const { markdown, keyboard } = permissionWords("r", "w", ask(summary));
    expect(markdown).toContain("all 30,009 characters of it stand above");
    expect(keyboard.inline_keyboard.flat()).toHaveLength(2);
    const blocks = readMarkdown(wholeInputWords("w", ask(summary)) ?? "");
    expect(blocks.map(({ kind }) => kind)).toEqual(["paragraph", "code"]);
    expect(JSON.stringify(blocks)).toContain("``` x\\n".repeat(4_999));
  });

  it.each([2_999, 3_000, 3_001, 9_000])(
    "is one message, also when its end is told (%i)",
    (length) => {
      for (const character of ["x", "\t", "`", "é"]) {
        const { markdown } = permissionWords("r", "w".repeat(64), ask(character.repeat(length)));
        const settings = { rich: false, maxRichLength: 8_000 };
        expect(answerItems(`${markdown}\n\n⌛ Withdrawn.`, settings, home)).toHaveLength(1);
      }
    },
  );

  it("does not let the name of a tool speak", () => {
    const { markdown } = permissionWords("r", "w", ask("", "a** `x`\n\n# Safe"));
    expect(markdown).toBe(
      "🔐 Session 'w' asks: may it use **a?? ?x???? Safe**?\n\nWithout any input.",
    );
  });

  it("stands below the whole of its input, which stays when its end is told", async () => {
    const world = new World();
    const { chat } = await world.life();
    const summary = "x".repeat(5_000);
    const saying = { kind: "request", request: "r", session: "w", ask: ask(summary) } as const;
    await chat.say(home, "s/ask/r", saying);
    await settle();
    const [whole, prompt] = world.shown;
    expect(world.shown).toHaveLength(2);
    expect(whole?.join()).toContain(summary);
    expect(prompt?.slice(1)).toEqual(["Allow", "Deny"]);
    chat.settled(home, "r", "allowed");
    await settle();
    expect(world.shown.map(([text]) => text?.includes(summary))).toEqual([true, false]);
    expect(world.shown[1]?.join()).toMatch(/above.*Allowed\.$/s);
  });
});

import { describe, expect, it } from "vitest";
import { numberedName, safeName } from "../../../../bots/main/attachments/safe-name.ts";

describe("a safe name", () => {
  it.each([
    ["report.pdf", "report.pdf"],
    ["Отчёт за 2026 год.pdf", "Отчёт за 2026 год.pdf"],
    ["報告書.txt", "報告書.txt"],
    ["👩‍💻 notes.md", "👩‍💻 notes.md"],
    ["cafe\u0301.txt", "café.txt"],
    ["../../etc/passwd", "passwd"],
    ["C:\\Users\\ann\\plan.doc", "plan.doc"],
    ["..", "file"],
    ["/", "file"],
    ["", "file"],
    ["   . ", "file"],
    [".bashrc", "bashrc"],
    ["...hidden", "hidden"],
    ["-rf", "rf"],
    ["a\u0000b\nc\u001b[31m.txt", "abc[31m.txt"],
    ["invoice\u202efdp.exe", "invoicefdp.exe"],
    ['what?*"<>|.txt', "what .txt"],
    ["half \ud83d pair", "half pair"],
    ["tail. . ", "tail"],
  ])("of %j is %j", (given, expected) => {
    expect(safeName(given)).toBe(expected);
  });

  it.each([
    ["a".repeat(300)],
    [`${"a".repeat(300)}.pdf`],
    [`${"ж".repeat(200)}.docx`],
    [`${"👩‍💻".repeat(60)}.png`],
    [`x.${"y".repeat(300)}`],
    [`e${"\u0301".repeat(500)}`],
  ])("is short, whole and keeps a short extension", (given) => {
    const name = safeName(given);
    expect(Buffer.byteLength(name)).toBeLessThanOrEqual(150);
    expect(name).toBe(Buffer.from(name).toString());
    const extension = /\.[a-z]{1,4}$/.exec(given)?.[0] ?? "";
    expect(name.endsWith(extension)).toBe(true);
    expect(name).not.toMatch(/\u200d$/);
  });

  it("never names anything but one visible file of a folder, whatever it is made of", () => {
    const parts = [
      "..",
      "/",
      "\\",
      ".",
      "-",
      " ",
      "\u0000",
      "\u202e",
      "a",
      "é",
      "\ud800",
      "\n",
      ":",
    ];
    for (let number = 0; number < 5_000; number += 1) {
      let rest = number * 7_919;
      let given = "";
      for (let length = 0; length < 8; length += 1) {
        given += parts[rest % parts.length] ?? "";
        rest = Math.floor(rest / parts.length) + number;
      }
      expect(safeName(given)).toMatch(/^[^./\\\p{Cc}\p{Cs}\s-][^/\\\p{Cc}\p{Cs}]*$/u);
    }
  });
});

describe("a numbered name", () => {
  it.each([
    ["a.txt", 1, "a.txt"],
    ["a.txt", 2, "a-2.txt"],
    ["a.tar.gz", 3, "a.tar-3.gz"],
    ["README", 2, "README-2"],
  ])("%s, %i: %s", (name, number, expected) => {
    expect(numberedName(name, number)).toBe(expected);
  });
});

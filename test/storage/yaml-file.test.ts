import { describe, expect, it } from "vitest";
import { z } from "zod";
import { ConfigurationError } from "../../shared/errors.ts";
import { parseYaml, stringifyYaml } from "../../shared/storage/yaml-file.ts";

const schema = z.strictObject({
  bots: z
    .record(
      z.string().regex(/^[a-z_]+$/, "needs lower-case letters and _"),
      z
        .strictObject({
          webhook: z.enum(["delete", "keep"]).default("delete"),
          options: z.record(z.string(), z.unknown()).default({}),
        })
        .nullable(),
    )
    .optional(),
  restart: z.strictObject({ max_crashes: z.int().positive() }).partial().default({}),
  allowed_users: z.array(z.int()).default([]),
});

function refusalOf(text: string): string[] {
  try {
    parseYaml(text, schema, "fleet.yaml");
  } catch (error) {
    if (error instanceof ConfigurationError) return error.message.split("\n").slice(0, -1);
    throw error;
  }
  return [];
}

describe("parseYaml", () => {
  it("gives the checked value with its defaults", () => {
    expect(parseYaml("bots:\n  treasury:\n    webhook: keep\n", schema, "fleet.yaml")).toEqual({
      bots: { treasury: { webhook: "keep", options: {} } },
      restart: {},
      allowed_users: [],
    });
  });

  it.each(["", "# only a comment\n", "---\n"])("takes %j as an empty map", (text) => {
    expect(parseYaml(text, schema, "fleet.yaml")).toEqual({ restart: {}, allowed_users: [] });
  });

  const refusals: { name: string; text: string; problems: string[] }[] = [
    {
      name: "an unknown key deep inside, with what was probably meant",
      text: "bots:\n  treasury:\n    webhok: keep\n",
      problems: ['fleet.yaml:3:5: bots.treasury.webhok: unknown key, did you mean "webhook"?'],
    },
    {
      name: "an unknown key that is like no other",
      text: "allowed_users: []\nfoo: 1\n",
      problems: ["fleet.yaml:2:1: foo: unknown key"],
    },
    {
      name: "an unknown key at the top and one behind a default",
      text: "restart: { max_crash: 2 }\nallowed_user: [1]\n",
      problems: [
        'fleet.yaml:1:12: restart.max_crash: unknown key, did you mean "max_crashes"?',
        'fleet.yaml:2:1: allowed_user: unknown key, did you mean "allowed_users"?',
      ],
    },
    {
      name: "every wrong value, in the order of the file",
      text: "restart:\n  max_crashes: many\nallowed_users: [1, x]\n",
      problems: [
        "fleet.yaml:2:3: restart.max_crashes: needs a number",
        "fleet.yaml:3:20: allowed_users[1]: needs a number",
      ],
    },
    {
      name: "a wrong name of a bot",
      text: "bots:\n  Treasury: {}\n",
      problems: ["fleet.yaml:2:3: bots.Treasury: needs lower-case letters and _"],
    },
    {
      name: "a list where a map is wanted",
      text: "- 1\n",
      problems: ["fleet.yaml:1:1: needs keys with values"],
    },
    {
      name: "a key given twice",
      text: "allowed_users: [1]\nallowed_users: [2]\n",
      problems: ["fleet.yaml:2:1: Map keys must be unique"],
    },
    {
      name: "an unknown tag",
      text: "allowed_users: !secret 5\n",
      problems: ["fleet.yaml:1:16: Unresolved tag: !secret"],
    },
    {
      name: "a bracket that is never closed",
      text: "allowed_users: [1\n",
      problems: [
        "fleet.yaml:2:1: Flow sequence in block collection must be sufficiently indented and end with a ]",
      ],
    },
  ];
  it.each(refusals)("names $name", ({ text, problems }) => {
    expect(refusalOf(text)).toEqual(problems);
  });

  it("ends with what to do", () => {
    expect(() => parseYaml("a: 1", schema, "fleet.yaml")).toThrow(
      /\nCorrect fleet\.yaml, then try again\.$/,
    );
  });

  it("shows no token that was written where it does not belong", () => {
    const text = `12345678:${"A".repeat(35)}: x\n`;
    expect(refusalOf(text).join()).toContain("12345678:<redacted>");
    expect(refusalOf(text).join()).not.toContain("AAAA");
  });

  it("refuses a text whose aliases multiply", () => {
    const levels = ["a: &a [1,2,3,4,5,6,7,8,9]"];
    for (const [at, name] of ["b", "c", "d", "e", "f", "g"].entries())
      levels.push(`${name}: &${name} [${Array(9).fill(`*${"abcdefg"[at]}`).join(",")}]`);
    expect(() => parseYaml(levels.join("\n"), schema, "fleet.yaml")).toThrow(/too many aliases/);
  });
});

describe("stringifyYaml", () => {
  it("comes back as it went, in order and unfolded", () => {
    const value = { b: 1, a: { text: `${"word ".repeat(40)}: # end`, list: [1, "2"] } };
    const text = stringifyYaml(value);
    expect(text.split("\n")[0]).toBe("b: 1");
    expect(text.split("\n").filter((line) => line.includes("word"))).toHaveLength(1);
    expect(parseYaml(text, z.unknown(), "x.yaml")).toEqual(value);
  });
});

describe("what is wrong, where the schema has no words of its own", () => {
  const numbers = z.strictObject({
    count: z.int().positive().optional(),
    port: z.int().min(0).max(9).optional(),
    list: z.array(z.int()).max(1).optional(),
    on: z.boolean().optional(),
    kind: z.enum(["a", "b"]).optional(),
    own: z.int({ error: "has words of its own" }).optional(),
    map: z.record(z.string(), z.strictObject({})).optional(),
  });

  it.each([
    ["count: some", "count: needs a number"],
    ["count: 1.5", "count: needs a whole number"],
    ["count: 0", "count: needs more than 0"],
    ["port: 10", "port: needs at most 9"],
    ["port: -1", "port: needs at least 0"],
    ["list: 3", "list: needs a list"],
    ["list: [1, 2]", "list: needs at most 1 entries"],
    ["on: perhaps", "on: needs true or false"],
    ["kind: c", "kind: is one of a, b"],
    ["own: x", "own: has words of its own"],
    ["map: 5", "map: needs keys with values"],
    ["map: { x: 5 }", "map.x: needs keys with values"],
  ])("of %j it says %j, with line and key", (text, words) => {
    const parse = () =>
      parseYaml(`on: true\n${text}\n`.replace(/^on: true\n(?=on)/, "\n"), numbers, "f.yaml");
    expect(parse).toThrow(ConfigurationError);
    expect(parse).toThrow(new RegExp(`^f\\.yaml:2:\\d+: ${words}\\n`));
  });
});

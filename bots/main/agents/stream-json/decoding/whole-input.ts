import type { Fields } from "../../../../../shared/fields.ts";
import { tellingKeys } from "./tool-summary.ts";

const plainKey = /^[\w.-]+$/;
/** What a screen does not show, or shows in another order than it stands: all but line ends and tabs. */
const unseen =
  /[\p{Cc}\u00ad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u2064\u2066-\u206f\ufeff]/gu;

/**
 * All that a tool would be given, for a person who says yes or no to it: each key with its whole value, what tells most
 * first. Further lines of a value are indented, so that no value can pass for another key.
 */
export function wholeInput(input: Fields): string {
  const rest = Object.keys(input).filter((key) => !isTelling(key));
  return [...tellingKeys.filter((key) => Object.hasOwn(input, key)), ...rest]
    .map((key) => keyWithValue(key, input[key]))
    .join("\n");
}

function isTelling(key: string): boolean {
  return tellingKeys.some((each) => each === key);
}

function keyWithValue(key: string, value: unknown): string {
  const name = plainKey.test(key) ? key : visible(JSON.stringify(key)).replaceAll("\n", "\\n");
  const lines = visible(written(value)).split("\n");
  if (lines.length === 1) return `${name}: ${lines.join("")}`;
  return [`${name}:`, ...lines.map((line) => `  ${line}`)].join("\n");
}

function written(value: unknown): string {
  if (typeof value === "string") return value === "" ? '""' : value;
  try {
    const short = JSON.stringify(value);
    const wide = JSON.stringify(value, null, 2);
    // The indentation of what is nested very deeply would be longer than all that it says.
    return short.length <= 80 || wide.length > 4 * short.length ? short : wide;
  } catch {
    return "(nested too deeply to be written here: it cannot be seen what this is)";
  }
}

function visible(text: string): string {
  return text.replaceAll("\r\n", "\n").replaceAll(unseen, (character) => {
    if (character === "\n" || character === "\t") return character;
    return `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`;
  });
}

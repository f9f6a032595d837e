import type { Fields } from "../../../../../shared/fields.ts";
import { shortened, stringOf } from "./fields.ts";

/** What a tool works on, in the order of what tells a person most. */
export const tellingKeys = [
  "command",
  "file_path",
  "notebook_path",
  "pattern",
  "url",
  "query",
  "plan",
  "description",
  "prompt",
  "path",
] as const;

/** One line and not much of it: shown while the tool runs. */
export function toolSummary(input: Fields): string {
  return shortened(telling(input).replaceAll(/\s+/g, " ").trim(), 200);
}

function telling(input: Fields): string {
  const key = tellingKeys.find((name) => stringOf(input[name]) !== undefined);
  const told = key === undefined ? undefined : stringOf(input[key]);
  if (told !== undefined) return told;
  return Object.keys(input).length === 0 ? "" : written(input);
}

/** What is nested deeply enough can be read and not be written again. */
function written(input: Fields): string {
  try {
    return JSON.stringify(input);
  } catch {
    return Object.keys(input).join(", ");
  }
}

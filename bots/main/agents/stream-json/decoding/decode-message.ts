import type { Fields } from "../../../../../shared/fields.ts";
import { fieldsOf, listOf, stringOf } from "./fields.ts";
import type { Line } from "./line.ts";
import { toolSummary } from "./tool-summary.ts";

const activity: Line = { kind: "activity" };

/** A block of the answer, or a tool that is called. What subagents say is not the answer. */
export function decodeAssistant(event: Fields): readonly Line[] {
  if (isSubagents(event)) return [];
  const blocks = listOf(fieldsOf(event["message"])["content"]).map(fieldsOf);
  // Words about an error of the API: the result brings them again, as the failure they are.
  const isFailure = stringOf(event["error"]) !== undefined;
  return [
    activity,
    ...blocks.flatMap((block): Line[] => {
      if (block["type"] === "text") {
        const text = stringOf(block["text"]);
        return text === undefined || isFailure ? [] : [{ kind: "text", text }];
      }
      const id = stringOf(block["id"]);
      if (block["type"] !== "tool_use" || id === undefined) return [];
      const name = stringOf(block["name"]) ?? "tool";
      return [{ kind: "tool", id, name, summary: toolSummary(fieldsOf(block["input"])) }];
    }),
  ];
}

/** What comes back from tools. Echoes of messages have no such blocks. */
export function decodeUser(event: Fields): readonly Line[] {
  if (isSubagents(event)) return [];
  return listOf(fieldsOf(event["message"])["content"]).flatMap((value): Line[] => {
    const block = fieldsOf(value);
    const id = stringOf(block["tool_use_id"]);
    if (block["type"] !== "tool_result" || id === undefined) return [];
    return [{ kind: "tool_end", id, failed: block["is_error"] === true }];
  });
}

/** A piece of the answer as it grows: the events of the API, handed through. */
export function decodeStreamEvent(event: Fields): readonly Line[] {
  if (isSubagents(event)) return [];
  const inner = fieldsOf(event["event"]);
  if (inner["type"] !== "content_block_delta") return [activity];
  const delta = fieldsOf(inner["delta"]);
  const text = delta["type"] === "text_delta" ? stringOf(delta["text"]) : undefined;
  return text === undefined ? [activity] : [{ kind: "partial", text }];
}

function isSubagents(event: Fields): boolean {
  return stringOf(event["parent_tool_use_id"]) !== undefined;
}

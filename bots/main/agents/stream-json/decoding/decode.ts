import { type Fields, isFields } from "../../../../../shared/fields.ts";
import { decodeAssistant, decodeStreamEvent, decodeUser } from "./decode-message.ts";
import { decodeRequest } from "./decode-request.ts";
import { decodeResult } from "./decode-result.ts";
import { decodeSystem } from "./decode-system.ts";
import { fieldsOf, shortened, stringOf } from "./fields.ts";
import type { Line } from "./line.ts";

/** Known, and nothing to us: marks of the CLI's own queue, a new conversation (its `init` brings the new id), limits. */
const passedOver: ReadonlySet<string> = new Set([
  "command_lifecycle",
  "conversation_reset",
  "keep_alive",
  "rate_limit_event",
  "tool_progress",
]);

/**
 * One line of an agent that speaks stream-json, of whichever version. Never throws, whatever the line is: half of one,
 * no JSON, a kind that came after us.
 */
export function decodeLine(text: string): readonly Line[] {
  let event: unknown;
  try {
    event = JSON.parse(text);
  } catch {
    return [{ kind: "broken" }];
  }
  return isFields(event) ? decodeEvent(event) : [{ kind: "broken" }];
}

function decodeEvent(event: Fields): readonly Line[] {
  const type = stringOf(event["type"]) ?? "none";
  switch (type) {
    case "system":
      return decodeSystem(event);
    case "assistant":
      return decodeAssistant(event);
    case "user":
      return decodeUser(event);
    case "stream_event":
      return decodeStreamEvent(event);
    case "result":
      return [{ kind: "result", result: decodeResult(event) }];
    case "control_request":
      return [decodeRequest(event)];
    case "control_cancel_request":
      return withId(event, (id) => ({ kind: "withdrawn", id }));
    case "control_response": {
      const response = fieldsOf(event["response"]);
      return withId(response, (id) => ({ kind: "answered", id, error: refusalOf(response) }));
    }
    default:
      return passedOver.has(type) ? [] : [{ kind: "unknown", label: shortened(type, 60) }];
  }
}

function withId(fields: Fields, make: (id: string) => Line): readonly Line[] {
  const id = stringOf(fields["request_id"]);
  return id === undefined ? [] : [make(id)];
}

function refusalOf(response: Fields): string | undefined {
  return response["subtype"] === "error" ? (stringOf(response["error"]) ?? "refused") : undefined;
}

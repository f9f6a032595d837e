import type { Fields } from "../../../../../shared/fields.ts";
import { fieldsOf, listOf, numberOf, shortened, stringOf } from "./fields.ts";
import type { Line } from "./line.ts";

/** Known, and nothing that a turn depends on or a person must see. */
const passedOver: ReadonlySet<string> = new Set([
  "status",
  "compact_boundary",
  "informational",
  "model_refusal_no_fallback",
  "permission_denied",
  "thinking_tokens",
  "hook_started",
  "hook_response",
]);

const endedStatuses: ReadonlySet<string> = new Set([
  "completed",
  "failed",
  "stopped",
  "killed",
  "cancelled",
]);

/** What the CLI says about itself. */
export function decodeSystem(event: Fields): readonly Line[] {
  const subtype = stringOf(event["subtype"]) ?? "none";
  switch (subtype) {
    case "init":
      return [{ kind: "init", sessionId: stringOf(event["session_id"]) }];
    case "api_retry":
      return [{ kind: "retry", attempt: numberOf(event["attempt"]) ?? 1, error: errorOf(event) }];
    case "background_tasks_changed":
      return [{ kind: "tasks", tasks: listOf(event["tasks"]).map(describe) }];
    case "task_started":
      // Work that its turn waits for is no background work.
      if (event["is_backgrounded"] === false) return [];
      return withTask(event, (id) => ({ kind: "task_started", id, description: describe(event) }));
    case "task_updated":
      return endOf(event, fieldsOf(event["patch"])["status"]);
    case "task_notification":
      return endOf(event, event["status"]);
    case "session_state_changed":
      return event["state"] === "idle" ? [{ kind: "session_idle" }] : [];
    default:
      return passedOver.has(subtype) ? [] : [{ kind: "unknown", label: `system/${subtype}` }];
  }
}

function endOf(event: Fields, status: unknown): readonly Line[] {
  const hasEnded = endedStatuses.has(stringOf(status) ?? "");
  return hasEnded ? withTask(event, (id) => ({ kind: "task_ended", id })) : [];
}

function withTask(event: Fields, make: (id: string) => Line): readonly Line[] {
  const id = stringOf(event["task_id"]);
  return id === undefined ? [] : [make(id)];
}

function errorOf(event: Fields): string {
  const error = stringOf(event["error"]) ?? "unknown";
  const status = numberOf(event["error_status"]);
  return status === undefined ? error : `${error} (${status})`;
}

function describe(task: unknown): string {
  const fields = fieldsOf(task);
  const words =
    stringOf(task) ??
    stringOf(fields["description"]) ??
    stringOf(fields["summary"]) ??
    stringOf(fields["task_id"]) ??
    "background work";
  return shortened(words, 200);
}

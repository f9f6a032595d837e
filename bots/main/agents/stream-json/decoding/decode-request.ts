import type { Fields } from "../../../../../shared/fields.ts";
import type { AgentQuestion, PermissionAsk, QuestionAsk } from "../../port.ts";
import { fieldsOf, listOf, stringOf } from "./fields.ts";
import type { Line } from "./line.ts";
import { wholeInput } from "./whole-input.ts";

/** What the agent wants of us: a permission, an answer to its questions, or something that we do not know. */
export function decodeRequest(event: Fields): Line {
  const id = stringOf(event["request_id"]);
  const request = fieldsOf(event["request"]);
  const subtype = stringOf(request["subtype"]) ?? "none";
  if (id === undefined) return { kind: "unknown", label: `control_request/${subtype}` };
  if (subtype !== "can_use_tool") return { kind: "foreign_request", id, subtype };
  return { kind: "ask", request: { id, ask: askOf(request) }, input: request["input"] ?? {} };
}

function askOf(request: Fields): PermissionAsk | QuestionAsk {
  const tool = stringOf(request["tool_name"]) ?? "an unnamed tool";
  const input = fieldsOf(request["input"]);
  const questions =
    tool === "AskUserQuestion" ? listOf(input["questions"]).flatMap(questionOf) : [];
  if (questions.length > 0) return { kind: "question", questions };
  return { kind: "permission", tool, summary: wholeInput(input) };
}

function questionOf(value: unknown): AgentQuestion[] {
  const fields = fieldsOf(value);
  const question = stringOf(fields["question"]);
  if (question === undefined) return [];
  const options = listOf(fields["options"]).flatMap((option) => {
    const { label, description } = fieldsOf(option);
    const name = stringOf(label);
    return name === undefined ? [] : [{ label: name, description: stringOf(description) ?? "" }];
  });
  return [
    {
      header: stringOf(fields["header"]) ?? "",
      question,
      options,
      multiSelect: fields["multiSelect"] === true,
    },
  ];
}

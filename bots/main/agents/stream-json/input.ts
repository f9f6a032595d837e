import type { AgentImage, AgentMessage } from "../port.ts";
import type { Permission } from "./open-requests.ts";

/** The lines that go in. JSON.stringify ends them safely: a line break inside is written as \n. */

export function userLine({ text, images }: AgentMessage): string {
  const pictures = images.map(imageBlock);
  // An empty text block is refused by the API.
  const words = text === "" && pictures.length > 0 ? [] : [{ type: "text", text }];
  return JSON.stringify({
    type: "user",
    message: { role: "user", content: [...words, ...pictures] },
  });
}

/**
 * The persona goes in here, at each start: the newest version would else keep the one of the conversation's beginning,
 * older ones forget it.
 */
export function initializeLine(id: string, systemPrompt: string | undefined): string {
  return controlLine(id, {
    subtype: "initialize",
    ...(systemPrompt === undefined ? {} : { appendSystemPrompt: systemPrompt }),
    systemPromptSnapshot: false,
  });
}

export function interruptLine(id: string): string {
  return controlLine(id, { subtype: "interrupt" });
}

export function permissionLine(id: string, permission: Permission): string {
  return JSON.stringify({
    type: "control_response",
    response: { subtype: "success", request_id: id, response: permission },
  });
}

export function refusalLine(id: string, subtype: string): string {
  return JSON.stringify({
    type: "control_response",
    response: { subtype: "error", request_id: id, error: `${subtype} is not supported here` },
  });
}

function imageBlock({ mediaType, base64 }: AgentImage): object {
  return { type: "image", source: { type: "base64", media_type: mediaType, data: base64 } };
}

function controlLine(id: string, request: object): string {
  return JSON.stringify({ type: "control_request", request_id: id, request });
}

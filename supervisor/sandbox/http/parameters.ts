import { parseMultipartFields } from "./multipart.ts";

/**
 * Parameters of a call as text, the way telegram-bot-api reads them: from the query and the body, whatever the body's
 * form; nested JSON stays JSON. Undefined: the body cannot be read.
 */
export function readParameters(
  search: string,
  contentType: string,
  body: Buffer,
): Record<string, string> | undefined {
  const parameters: Record<string, string> = search === "" ? {} : fromForm(search);
  if (body.length === 0) return parameters;
  const type = contentType.split(";", 1)[0]?.trim().toLowerCase() ?? "";
  const fields = readBody(type, contentType, body);
  return fields === undefined ? undefined : Object.assign(parameters, fields);
}

function readBody(
  type: string,
  contentType: string,
  body: Buffer,
): Record<string, string> | undefined {
  if (type === "application/json") return fromJson(body.toString("utf8"));
  if (type === "multipart/form-data") return parseMultipartFields(contentType, body);
  if (type === "application/x-www-form-urlencoded") return fromForm(body.toString("utf8"));
  return {};
}

function fromForm(text: string): Record<string, string> {
  return Object.fromEntries(new URLSearchParams(text));
}

function fromJson(text: string): Record<string, string> | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) return undefined;
  const entries = Object.entries(value).filter(([, field]) => field !== null);
  return Object.fromEntries(
    entries.map(([name, field]) => [
      name,
      typeof field === "string" ? field : JSON.stringify(field),
    ]),
  );
}

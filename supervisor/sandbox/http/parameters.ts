import { type Form, parseMultipart } from "./multipart.ts";

const noUploads: Form["uploads"] = new Map();

/**
 * Parameters of a call as text, the way telegram-bot-api reads them: from the query and the body, whatever the body's
 * form; nested JSON stays JSON. Files come in multipart bodies only. Undefined: the body cannot be read.
 */
export function readParameters(
  search: string,
  contentType: string,
  body: Buffer,
): Form | undefined {
  const asked: Record<string, string> = search === "" ? {} : fromForm(search);
  if (body.length === 0) return { fields: asked, uploads: noUploads };
  const type = contentType.split(";", 1)[0]?.trim().toLowerCase() ?? "";
  if (type === "multipart/form-data") {
    const form = parseMultipart(contentType, body);
    return form && { fields: Object.assign(asked, form.fields), uploads: form.uploads };
  }
  const fields = readFields(type, body);
  return fields && { fields: Object.assign(asked, fields), uploads: noUploads };
}

function readFields(type: string, body: Buffer): Record<string, string> | undefined {
  if (type === "application/json") return fromJson(body.toString("utf8"));
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

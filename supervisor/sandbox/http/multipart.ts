/**
 * The text fields of a multipart body; file parts are skipped (no method of the sandbox takes one). Undefined: the
 * body is no such thing.
 */
export function parseMultipartFields(
  contentType: string,
  body: Buffer,
): Record<string, string> | undefined {
  const found = /;\s*boundary=(?:"([^"]+)"|([^;\s]+))/i.exec(contentType);
  const boundary = found?.[1] ?? found?.[2];
  if (boundary === undefined) return undefined;
  const delimiter = Buffer.from(`--${boundary}`);
  const fields: Record<string, string> = {};
  let start = body.indexOf(delimiter);
  while (start >= 0) {
    const from = start + delimiter.length;
    // `--` after the boundary ends the body.
    if (body.subarray(from, from + 2).toString("latin1") === "--") return fields;
    const end = body.indexOf(delimiter, from);
    if (end < 0) return undefined;
    readPart(body.subarray(from + 2, end - 2), fields);
    start = end;
  }
  return undefined;
}

function readPart(part: Buffer, fields: Record<string, string>): void {
  const headersEnd = part.indexOf("\r\n\r\n");
  if (headersEnd < 0) return;
  const headers = part.subarray(0, headersEnd).toString("utf8");
  const disposition = /^content-disposition:.*$/im.exec(headers)?.[0] ?? "";
  const name = /;\s*name="([^"]*)"/i.exec(disposition)?.[1];
  if (name === undefined || /;\s*filename\*?=/i.test(disposition)) return;
  fields[name] = part.subarray(headersEnd + 4).toString("utf8");
}

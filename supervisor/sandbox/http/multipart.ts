/** A file as it came with a request. */
export interface Upload {
  readonly name: string;
  /** What its sender calls it, without parameters; empty where nothing is said. */
  readonly type: string;
  readonly bytes: Buffer;
}

export interface Form {
  readonly fields: Record<string, string>;
  readonly uploads: ReadonlyMap<string, Upload>;
}

/** Text fields and files of a multipart body. Undefined: the body is no such thing. */
export function parseMultipart(contentType: string, body: Buffer): Form | undefined {
  const found = /;\s*boundary=(?:"([^"]+)"|([^;\s]+))/i.exec(contentType);
  const boundary = found?.[1] ?? found?.[2];
  if (boundary === undefined) return undefined;
  const delimiter = Buffer.from(`--${boundary}`);
  const form = { fields: {}, uploads: new Map<string, Upload>() };
  let start = body.indexOf(delimiter);
  while (start >= 0) {
    const from = start + delimiter.length;
    // `--` after the boundary ends the body.
    if (body.subarray(from, from + 2).toString("latin1") === "--") return form;
    const end = body.indexOf(delimiter, from);
    if (end < 0) return undefined;
    readPart(body.subarray(from + 2, end - 2), form);
    start = end;
  }
  return undefined;
}

function readPart(
  part: Buffer,
  form: { readonly fields: Record<string, string>; readonly uploads: Map<string, Upload> },
): void {
  const headersEnd = part.indexOf("\r\n\r\n");
  if (headersEnd < 0) return;
  const headers = part.subarray(0, headersEnd).toString("utf8");
  const disposition = /^content-disposition:.*$/im.exec(headers)?.[0] ?? "";
  const name = /;\s*name="([^"]*)"/i.exec(disposition)?.[1];
  if (name === undefined) return;
  const content = part.subarray(headersEnd + 4);
  const fileName = fileNameIn(disposition);
  if (fileName === undefined) form.fields[name] = content.toString("utf8");
  else {
    const type = /^content-type:\s*([^;\r\n]*)/im.exec(headers)?.[1]?.trim().toLowerCase() ?? "";
    // A copy: the whole body would otherwise stay in memory as long as one small file of it.
    form.uploads.set(name, { name: fileName, type, bytes: Buffer.from(content) });
  }
}

function fileNameIn(disposition: string): string | undefined {
  const encoded = /;\s*filename\*=utf-8''([^;\s]*)/i.exec(disposition)?.[1];
  if (encoded !== undefined) {
    try {
      return decodeURIComponent(encoded);
    } catch {
      return encoded;
    }
  }
  const plain = /;\s*filename="((?:\\.|[^"\\])*)"/i.exec(disposition)?.[1];
  // Browsers and undici write a quote and line breaks as percent codes (WHATWG, multipart/form-data encoding).
  return plain
    ?.replaceAll(/\\(.)/g, "$1")
    .replaceAll(/%(22|0a|0d)/gi, (_, code: string) =>
      String.fromCodePoint(Number.parseInt(code, 16)),
    );
}

import { Readable } from "node:stream";
import type { ReadableStream as NodeReadableStream } from "node:stream/web";

export interface RequestBody {
  /** Headers that follow from the body; the caller's own headers win. */
  readonly headers: Readonly<Record<string, string>>;
  /**
   * Text or bytes that are at hand, or a stream of bytes of unknown length; undefined for a request without a body.
   * Text goes out in one piece with the headers.
   */
  readonly content: string | Readable | Buffer | undefined;
}

/**
 * What `fetch` accepts as a body, as node:http takes it. The library sends URLSearchParams where there is no file
 * and a ReadableStream with its own multipart header where there is one; a stream is never held in memory.
 */
export function requestBody(body: RequestInit["body"]): RequestBody {
  if (body === undefined || body === null) return { headers: {}, content: undefined };
  if (typeof body === "string") return known(body, "text/plain;charset=UTF-8");
  if (body instanceof URLSearchParams) {
    return known(body.toString(), "application/x-www-form-urlencoded;charset=UTF-8");
  }
  if (body instanceof Uint8Array) return known(Buffer.from(body));
  if (body instanceof ReadableStream) return { headers: {}, content: fromWeb(body) };
  // Blob, FormData, ArrayBuffer: the platform knows their bytes and their content type.
  const encoded = new Response(body);
  const type = encoded.headers.get("content-type");
  return {
    headers: type === null ? {} : { "content-type": type },
    content: encoded.body === null ? undefined : fromWeb(encoded.body),
  };
}

function known(content: string | Buffer, type?: string): RequestBody {
  return {
    headers: {
      "content-length": String(Buffer.byteLength(content)),
      ...(type === undefined ? {} : { "content-type": type }),
    },
    content,
  };
}

function fromWeb(stream: ReadableStream): Readable {
  return Readable.fromWeb(stream as NodeReadableStream);
}

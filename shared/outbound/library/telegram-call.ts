import { isFields } from "../../fields.ts";
import { type Api, InputFile } from "../../telegram/bot-api.ts";
import type { SendPort } from "../delivery/ports.ts";
import type { CallParams } from "../queue/item.ts";
import { isStoredFile } from "../queue/stored-file.ts";

/** The library's own way to Telegram, for the outbox alone: no pacing, no order. The Api must have `maxRetries: 0`. */
export function callThrough(api: Api): SendPort {
  return (method, params, signal) => {
    // Protected in the library; every public method is a name and these three.
    const request = api["request"].bind(api);
    return request<unknown>(method, withFiles(params), signal);
  };
}

/** Stored files become uploads; everything else stays what it is. */
function withFiles(params: CallParams): Record<string, unknown> {
  return Object.fromEntries(Object.entries(params).map(([name, value]) => [name, upload(value)]));
}

function upload(value: unknown): unknown {
  if (isStoredFile(value)) {
    const { name, base64, contentType } = value.storedFile;
    return new InputFile(Buffer.from(base64, "base64"), {
      filename: name,
      ...(contentType === undefined ? {} : { contentType }),
    });
  }
  if (Array.isArray(value)) return value.map(upload);
  const isPlainObject = isFields(value) && Object.getPrototypeOf(value) === Object.prototype;
  return isPlainObject ? withFiles(value) : value;
}

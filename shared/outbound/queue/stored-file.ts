import { isFields } from "../../fields.ts";
import type { CallParams } from "./item.ts";

/** A small file inside the parameters of a durable answer: bytes that survive a JSON file. */
export interface StoredFile {
  readonly storedFile: {
    readonly name: string;
    readonly base64: string;
    readonly contentType?: string;
  };
}

export function storedFile(name: string, bytes: Uint8Array, contentType?: string): StoredFile {
  const base64 = Buffer.from(bytes).toString("base64");
  return {
    storedFile: { name, base64, ...(contentType === undefined ? {} : { contentType }) },
  };
}

export function isStoredFile(value: unknown): value is StoredFile {
  if (!isFields(value)) return false;
  const file = value["storedFile"];
  return isFields(file) && typeof file["name"] === "string" && typeof file["base64"] === "string";
}

const deepest = 64;

/** Whether JSON gives back what it was given: no streams, no files of a library, no functions. */
export function isStorable(params: CallParams): boolean {
  return isPlain(params, 0);
}

function isPlain(value: unknown, depth: number): boolean {
  if (value === null || value === undefined) return true;
  if (typeof value === "number") return Number.isFinite(value);
  if (typeof value !== "object") return typeof value === "string" || typeof value === "boolean";
  if (depth > deepest) return false;
  if (Array.isArray(value)) return value.every((each) => isPlain(each, depth + 1));
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) return false;
  return Object.values(value).every((each) => isPlain(each, depth + 1));
}

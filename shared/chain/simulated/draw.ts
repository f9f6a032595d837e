import { createHash } from "node:crypto";

/** 64 hexadecimal digits that depend on nothing but the words. */
export function digest(...words: readonly (string | number)[]): string {
  return createHash("sha256").update(words.join("/")).digest("hex");
}

/** A number from 0 up to, but never, 1 that depends on nothing but the words. */
export function draw(...words: readonly (string | number)[]): number {
  return Number.parseInt(digest(...words).slice(0, 13), 16) / 2 ** 52;
}

import { createHash, randomBytes, timingSafeEqual } from "node:crypto";

/** Crockford's base 32: no letter that is taken for a digit or another letter. 32 of them: one byte, no bias. */
const alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
/** 50 bits. */
const codeLength = 10;

/** What is kept of a code. Short life and 50 bits make a slow hash needless. */
export interface HashedCode {
  readonly salt: string;
  readonly hash: string;
}

/** A fresh code as a person reads it: `4F7K2-M9QXT`. */
export function makeCode(): string {
  const letters = [...randomBytes(codeLength)].map((byte) => alphabet.charAt(byte % 32)).join("");
  return `${letters.slice(0, codeLength / 2)}-${letters.slice(codeLength / 2)}`;
}

export function hashCode(code: string, salt = randomBytes(16).toString("hex")): HashedCode {
  return { salt, hash: digest(code, salt).toString("hex") };
}

/** Whether a typed code is the one: in any case, with spaces, with letters that look like its digits. */
export function isCode(typed: string, { salt, hash }: HashedCode): boolean {
  const expected = Buffer.from(hash, "hex");
  const given = digest(typed, salt);
  return expected.length === given.length && timingSafeEqual(expected, given);
}

function digest(code: string, salt: string): Buffer {
  return createHash("sha256")
    .update(`${salt}:${plain(code)}`)
    .digest();
}

function plain(typed: string): string {
  return typed
    .toUpperCase()
    .replaceAll(/[^0-9A-Z]/g, "")
    .replaceAll("O", "0")
    .replaceAll(/[IL]/g, "1");
}

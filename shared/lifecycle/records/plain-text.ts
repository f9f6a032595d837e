import { redact } from "../../redact.ts";

const maxLength = 400;

/** Words of others (causes, errors, names) as they may stand in the files: one readable line, no secrets. */
export function plainText(text: string): string {
  const line = redact(text)
    .replaceAll(/[\s\p{Cc}]+/gu, " ")
    .trim();
  return line.length <= maxLength ? line : `${line.slice(0, maxLength - 1)}…`;
}

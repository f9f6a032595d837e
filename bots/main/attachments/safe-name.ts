import { extname } from "node:path";

/** File systems take 255 bytes; what we put before and behind a name fits too. */
const longestNameBytes = 150;
const longestExtensionBytes = 20;

/**
 * A sender's file name as a plain name in one folder: no path, no control characters or turned direction, nothing
 * hidden, nothing that reads as an option of a program. Letters of every script stay.
 */
export function safeName(given: string): string {
  const last = given.split(/[/\\]/).at(-1) ?? "";
  const plain = last
    .normalize("NFC")
    .replaceAll(
      /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\u{200E}\u{200F}\u{202A}-\u{202E}\u{2066}-\u{2069}\u{FEFF}]/gu,
      "",
    )
    .replaceAll(/[\s:*?"<>|]+/g, " ")
    .replace(/^[\s.-]+/, "")
    .replace(/[\s.]+$/, "");
  return shortened(plain === "" ? "file" : plain);
}

/** `report.pdf`, `report-2.pdf`, `report-3.pdf`, ... */
export function numberedName(name: string, number: number): string {
  if (number === 1) return name;
  const extension = extname(name);
  return `${name.slice(0, name.length - extension.length)}-${number}${extension}`;
}

function shortened(name: string): string {
  if (Buffer.byteLength(name) <= longestNameBytes) return name;
  const extension = extname(name);
  const kept = Buffer.byteLength(extension) <= longestExtensionBytes ? extension : "";
  const stem = name.slice(0, name.length - kept.length);
  return `${cut(stem, longestNameBytes - Buffer.byteLength(kept)).trimEnd()}${kept}`;
}

/** As many whole characters as fit. */
function cut(text: string, maxBytes: number): string {
  let bytes = 0;
  let end = 0;
  for (const { segment, index } of new Intl.Segmenter().segment(text)) {
    bytes += Buffer.byteLength(segment);
    if (bytes > maxBytes) break;
    end = index + segment.length;
  }
  // One "character" of more bytes than all that fits is no name.
  return end === 0 ? "file" : text.slice(0, end);
}

interface ImageKind {
  readonly extension: ".png" | ".jpg" | ".gif" | ".webp";
  readonly mediaType: "image/png" | "image/jpeg" | "image/gif" | "image/webp";
}

/** So many bytes of a file are enough to tell. */
export const imageKindBytes = 12;

const kinds: readonly (ImageKind & { readonly begins: string; readonly goesOn?: string })[] = [
  { begins: "\x89PNG\r\n\x1a\n", extension: ".png", mediaType: "image/png" },
  { begins: "\xff\xd8\xff", extension: ".jpg", mediaType: "image/jpeg" },
  { begins: "GIF87a", extension: ".gif", mediaType: "image/gif" },
  { begins: "GIF89a", extension: ".gif", mediaType: "image/gif" },
  // Four bytes of length stand between.
  { begins: "RIFF", goesOn: "WEBP", extension: ".webp", mediaType: "image/webp" },
];

/** What kind of picture begins so; a wrong media type makes a model's server refuse the whole turn. */
export function imageKind(head: Buffer): ImageKind | undefined {
  const text = head.toString("latin1", 0, imageKindBytes);
  return kinds.find(({ begins, goesOn = "" }) => text.startsWith(begins) && text.endsWith(goesOn));
}

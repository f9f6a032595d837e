/**
 * The chat an update belongs to, else the user it comes from; undefined for the few kinds that have neither. Looks at
 * the shape, not at the kind, so that kinds of future Bot API versions find their chat too.
 */
export function chatKeyOf(update: object): string | undefined {
  const contents: unknown[] = Object.values(update);
  for (const content of contents) {
    const id =
      idOf(field(content, "chat")) ??
      idOf(field(field(content, "message"), "chat")) ??
      idOf(field(content, "from")) ??
      idOf(field(content, "user"));
    if (id !== undefined) return String(id);
  }
  return undefined;
}

function idOf(value: unknown): number | undefined {
  const id = field(value, "id");
  return typeof id === "number" ? id : undefined;
}

function field(value: unknown, name: string): unknown {
  if (typeof value !== "object" || value === null) return undefined;
  return Object.getOwnPropertyDescriptor(value, name)?.value;
}

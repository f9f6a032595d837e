/** An object whose fields are not known yet: parsed JSON, an update of a kind that the library does not name. */
export type Fields = Readonly<Record<string, unknown>>;

export function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** A whole number that JavaScript can hold exactly; ids, counts, instants. */
export function isWholeNumber(value: unknown): value is number {
  return Number.isSafeInteger(value);
}

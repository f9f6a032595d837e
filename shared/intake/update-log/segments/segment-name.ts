/** A segment is named by the first position it may hold, in 16 digits, so that names sort like positions. */
const segmentName = /^(\d{16})\.jsonl$/;

export function nameOfSegment(firstSeq: number): string {
  return `${String(firstSeq).padStart(16, "0")}.jsonl`;
}

/** Undefined for files that are no segments. */
export function firstSeqOf(name: string): number | undefined {
  const digits = segmentName.exec(name)?.[1];
  return digits === undefined ? undefined : Number(digits);
}

/** The segments among the names, oldest first. */
export function segmentsOf(names: readonly string[]): string[] {
  return names.filter((name) => segmentName.test(name)).toSorted();
}

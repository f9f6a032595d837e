/** Other programs may invent kinds without end. */
const maxLabels = 100;

/** What an agent said that we did not understand, counted by kind: a new version shows itself here first. */
export class IgnoredLines {
  private readonly byKind = new Map<string, number>();

  /** @returns whether this kind was met for the first time */
  note(kind: string): boolean {
    const isNew = !this.byKind.has(kind) && this.byKind.size < maxLabels;
    const label = isNew || this.byKind.has(kind) ? kind : "others";
    this.byKind.set(label, (this.byKind.get(label) ?? 0) + 1);
    return isNew;
  }

  get counts(): Readonly<Record<string, number>> {
    return Object.fromEntries(this.byKind);
  }
}

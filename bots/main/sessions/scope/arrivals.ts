import type { SessionPlace } from "../ports.ts";

/** Messages on their way to a queue: their files are being fetched, or the disk writes them down. */
export class Arrivals {
  private readonly coming = new Map<Promise<unknown>, SessionPlace>();

  add(place: SessionPlace, arrival: Promise<unknown>): void {
    const settled = arrival
      .catch(() => undefined)
      .finally(() => {
        this.coming.delete(settled);
      });
    this.coming.set(settled, place);
  }

  /** Those in question, each resolving when it has come, or will not. */
  where(isMeant: (place: SessionPlace) => boolean): readonly {
    readonly place: SessionPlace;
    readonly settled: Promise<unknown>;
  }[] {
    return [...this.coming]
      .filter(([, place]) => isMeant(place))
      .map(([settled, place]) => ({ place, settled }));
  }
}

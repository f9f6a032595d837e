import type { Session } from "../session.ts";

/** Messages on their way to a queue: their files are being fetched, or the disk writes them down. */
export class Arrivals<Result> {
  private readonly coming = new Map<
    Promise<Result | undefined>,
    { readonly session: Session; readonly order: number }
  >();

  /** @param order among the messages of the bot */
  add(session: Session, order: number, arrival: Promise<Result>): void {
    const settled = arrival
      .catch(() => undefined)
      .finally(() => {
        this.coming.delete(settled);
      });
    this.coming.set(settled, { session, order });
  }

  has(order: number): boolean {
    return [...this.coming.values()].some((each) => each.order === order);
  }

  /** Those in question, each resolving when it has come, or will not (undefined: because of an error). */
  of(isMeant: (session: Session, order: number) => boolean): readonly {
    readonly session: Session;
    readonly settled: Promise<Result | undefined>;
  }[] {
    return [...this.coming]
      .filter(([, { session, order }]) => isMeant(session, order))
      .map(([settled, { session }]) => ({ session, settled }));
  }
}

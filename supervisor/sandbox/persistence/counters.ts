/** How many ids are reserved at a time: one write to the disk per so many ids. */
const blockSize = 1000;

interface Counter {
  next: number;
  /** Ids below may be given out: they are reserved on the disk. */
  reserved: number;
}

export type Marks = Readonly<Record<string, number>>;

/**
 * Counters that never give an id twice, however the process ends: a mark ahead is saved, synchronously, before the
 * ids below it are given out. After a kill they go on at the mark; a clean stop saves the exact places.
 */
export class Counters {
  private readonly counters = new Map<string, Counter>();
  private readonly save: (marks: Marks) => void;

  constructor(save: (marks: Marks) => void = () => {}, marks: Marks = {}) {
    this.save = save;
    for (const [name, mark] of Object.entries(marks))
      this.counters.set(name, { next: mark, reserved: mark });
  }

  /** @param start where a counter begins that was never asked before */
  next(name: string, start: () => number): number {
    const counter = this.counters.get(name) ?? this.begin(name, start());
    if (counter.next >= counter.reserved) this.reserve(counter);
    counter.next += 1;
    return counter.next - 1;
  }

  jump(name: string, to: number): void {
    this.begin(name, to);
  }

  /** What a clean stop saves. */
  exact(): Marks {
    return Object.fromEntries([...this.counters].map(([name, { next }]) => [name, next]));
  }

  private begin(name: string, at: number): Counter {
    const counter = { next: at, reserved: at };
    this.counters.set(name, counter);
    return counter;
  }

  private reserve(counter: Counter): void {
    counter.reserved = counter.next + blockSize;
    this.save(
      Object.fromEntries([...this.counters].map(([name, { reserved }]) => [name, reserved])),
    );
  }
}

import { availableParallelism } from "node:os";

/** Agents are slow starters: 11 at once had their first answer after 4-10 s instead of 0.3-0.8 (measured on 2 cores). */
const defaultAtOnce = Math.max(2, availableParallelism());

/** Lets so many agents start at once; the others wait in the order of their coming. */
export class StartGate {
  private readonly atOnce: number;
  private readonly waiting = new Set<() => void>();
  private starting = 0;

  constructor(atOnce: number = defaultAtOnce) {
    this.atOnce = atOnce;
  }

  /**
   * @param begin called once, right away where a place is free
   * @returns gives the place back, or gives up waiting; does nothing when called again
   */
  enter(begin: () => void): () => void {
    let isIn = false;
    const enter = (): void => {
      isIn = true;
      this.starting += 1;
      begin();
    };
    let left = false;
    const leave = (): void => {
      if (left) return;
      left = true;
      if (!this.waiting.delete(enter) && isIn) this.starting -= 1;
      this.letIn();
    };
    this.waiting.add(enter);
    this.letIn();
    return leave;
  }

  private letIn(): void {
    for (const enter of this.waiting) {
      if (this.starting >= this.atOnce) return;
      this.waiting.delete(enter);
      enter();
    }
  }
}

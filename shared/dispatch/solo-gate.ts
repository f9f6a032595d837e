/** Lets one at a time through, in the order they came. */
export class SoloGate {
  private last: Promise<unknown> = Promise.resolve();

  /** Rejects as the action does. */
  pass<T>(action: () => Promise<T>): Promise<T> {
    const passed = this.last.then(action);
    this.last = passed.catch(() => undefined);
    return passed;
  }
}

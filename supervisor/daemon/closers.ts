/** What was opened one after the other, and is closed the other way round, whatever goes wrong in between. */
export class Closers {
  private readonly closings: (() => unknown)[] = [];

  add(close: () => unknown): void {
    this.closings.push(close);
  }

  /**
   * Closes all, the last one first; each is waited for. Called again it closes what was added since.
   * @throws what the first that failed threw, after all were tried
   */
  async close(): Promise<void> {
    const failures: unknown[] = [];
    for (let close = this.closings.pop(); close !== undefined; close = this.closings.pop()) {
      try {
        await close();
      } catch (error) {
        failures.push(error);
      }
    }
    if (failures.length > 0) throw failures[0];
  }
}

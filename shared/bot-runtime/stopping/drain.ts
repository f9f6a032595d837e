import type { Clock } from "../../clock.ts";
import type { Log } from "../../logger.ts";

/** @param budgetMs after which the stop goes on without it */
export type DrainAction = (budgetMs: number) => Promise<void>;

/** What a bot does itself in its ordered stop: between lanes and outbox, once, for so long and no longer. */
export class Drain {
  private readonly clock: Clock;
  private readonly log: Log;
  private action: DrainAction | undefined;

  constructor(clock: Clock, log: Log) {
    this.clock = clock;
    this.log = log;
  }

  /** @throws Error for a second one: who ends first would be chance */
  readonly register = (action: DrainAction): void => {
    if (this.action !== undefined) throw new Error("a bot registers one drain");
    this.action = action;
  };

  get isRegistered(): boolean {
    return this.action !== undefined;
  }

  /** Never rejects: the outbox is to be closed whatever happened here. */
  async run(budgetMs: number): Promise<void> {
    const { action, clock, log } = this;
    if (action === undefined) return;
    await new Promise<void>((resolve) => {
      const cancel = clock.schedule(budgetMs, () => {
        log.error("the bot's own part of the stop took too long; the rest goes on", { budgetMs });
        resolve();
      });
      const settle = (): void => {
        cancel();
        resolve();
      };
      const fail = (error: unknown): void => {
        log.error("the bot's own part of the stop failed; the rest goes on", { error });
        settle();
      };
      // A function that throws at once is one that rejects.
      Promise.resolve()
        .then(() => action(budgetMs))
        .then(settle, fail);
    });
  }
}

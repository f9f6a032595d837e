import type { Log } from "../../../shared/logger.ts";
import type { BotView, FleetEvent } from "../../fleet/bot-view.ts";
import type { Fleet } from "../../fleet/fleet.ts";
import type { TokenLock } from "./token-lock.ts";

/** How long the lock is waited for when main comes back; then main tries again later. */
const takeBackMs = 10_000;

export interface PollingHandoverOptions {
  readonly lock: TokenLock;
  readonly log: Log;
}

/** Who polls main's token while main is gone. Pure. @returns undefined where nobody can */
export function chooseDeputy(
  bots: readonly BotView[],
  candidates: readonly string[],
  current: string | undefined,
): string | undefined {
  const able = (name: string): boolean =>
    bots.some((bot) => bot.name === name && bot.state === "ready");
  if (current !== undefined && able(current)) return current;
  return candidates.find(able);
}

/**
 * Hands polling of main's token on: when main is gone for good (closed or given up) the lock is released and an
 * auxiliary bot on the token is told to poll; when main comes back it is told to stop, and the lock is taken back first.
 */
export class PollingHandover {
  private readonly options: PollingHandoverOptions;
  /** Auxiliary bots on main's token, in the order in which they are asked. */
  candidates: readonly string[] = [];
  private fleet: Fleet | undefined;
  private mainIsAway = false;
  private deputy: { readonly name: string; readonly pid: number | undefined } | undefined;
  /** The deputy's process of which the others know. */
  private polls: number | undefined;
  /** Releasing and taking follow each other, whatever the order of events. */
  private turn: Promise<unknown> = Promise.resolve();

  constructor(options: PollingHandoverOptions) {
    this.options = options;
  }

  /** @returns ends the watch */
  follow(fleet: Fleet): () => void {
    this.fleet = fleet;
    return fleet.watch((event) => {
      this.onFleetEvent(event);
    });
  }

  mainIsGone(reason: string): void {
    if (this.mainIsAway) return;
    this.mainIsAway = true;
    const { candidates } = this;
    const { log } = this.options;
    const next =
      candidates.length === 0 ? "nobody else is on its token" : "polling of its token is handed on";
    log.warn(`main is gone; ${next}`, { reason });
    this.soon(async () => {
      await this.options.lock.release();
      this.appoint();
    });
  }

  /** Main is about to start: resolves when the lock is ours. @throws LockHeldError, the signal's reason */
  async mainComesBack(signal: AbortSignal): Promise<void> {
    await this.inTurn(async () => {
      // Most starts of main are restarts: nobody took its place.
      if (!this.mainIsAway) return;
      // All of them: one that started while the lock was free polls without having been asked.
      for (const name of this.candidates)
        this.fleet?.tellBot(name, { type: "polling", take: false });
      this.deputy = undefined;
      this.polls = undefined;
      // Until the lock is ours main is away still, and at the next event somebody polls for it again.
      await this.options.lock.take(takeBackMs, signal);
      this.mainIsAway = false;
      this.tellLockMoved();
    });
  }

  private onFleetEvent(event: FleetEvent): void {
    if (event.type !== "bot" || !this.mainIsAway) return;
    this.soon(async () => this.appoint());
    const { name, pid, polling } = event.bot;
    const begins = name === this.deputy?.name && pid !== this.polls && polling.state === "polling";
    if (!begins) return;
    this.polls = pid;
    this.tellLockMoved();
  }

  /** The others on the token say who polls it, and that is another one now. */
  private tellLockMoved(): void {
    for (const name of this.candidates) this.fleet?.tellBot(name, { type: "lock_moved" });
  }

  private appoint(): void {
    if (!this.mainIsAway || this.fleet === undefined) return;
    const bots = this.fleet.list();
    const name = chooseDeputy(bots, this.candidates, this.deputy?.name);
    const pid = bots.find((bot) => bot.name === name)?.pid;
    if (name === undefined || (name === this.deputy?.name && pid === this.deputy.pid)) return;
    this.deputy = { name, pid };
    this.options.log.info(`${name} polls main's token until main is back`);
    this.fleet.tellBot(name, { type: "polling", take: true });
  }

  private soon(work: () => Promise<void>): void {
    this.inTurn(work).catch((error: unknown) => {
      this.options.log.error("polling could not be handed on", { error });
    });
  }

  private inTurn(work: () => Promise<void>): Promise<void> {
    const done = this.turn.then(work);
    // The next one goes on whatever became of this one; who asked hears of a failure.
    this.turn = done.catch(() => undefined);
    return done;
  }
}

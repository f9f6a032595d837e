import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { systemClock } from "../../../shared/clock.ts";
import { findMarked, fleetId } from "../../../shared/process/marker.ts";
import { sweepMarked } from "../../../shared/process/terminate.ts";
import type { BotView } from "../../../supervisor/fleet/bot-view.ts";
import { Child } from "../../../supervisor/fleet/child.ts";
import { spawnedBot } from "../../../supervisor/fleet/process/spawn-bot.ts";
import {
  defaultRestartPolicy,
  type RestartPolicy,
} from "../../../supervisor/fleet/restart-policy.ts";
import { recordingLog } from "../../support/recording-log.ts";

/** Everything that a test waits for happens within seconds. */
const quick: RestartPolicy = {
  ...defaultRestartPolicy,
  backoff: { baseMs: 20, capMs: 100 },
  maxCrashesInWindow: 2,
  stableAfterMs: 300,
  halfOpenBaseMs: 60_000,
  startTimeoutMs: 20_000,
  pingIntervalMs: 100,
  hungAfterMs: 5_000,
  defaultStopDeadlineMs: 200,
  killMarginMs: 100,
};

/** A child whose processes are real: a fixture program, run as our bots are. */
export class RealBot {
  readonly log = recordingLog("treasury");
  readonly printed: string[] = [];
  readonly states: string[] = [];
  /** Monotonic milliseconds at which each process was spawned. */
  readonly spawnTimesMs: number[] = [];
  readonly child: Child;
  readonly fleet: string;
  private readonly dir = mkdtempSync(join(tmpdir(), "real-bot-"));
  private readonly waiting = new Set<(view: BotView) => void>();

  constructor(
    fixture: string,
    options: {
      readonly environment?: Readonly<Record<string, string>>;
      readonly policy?: Partial<RestartPolicy>;
    } = {},
  ) {
    this.fleet = fleetId(this.dir);
    const ports = spawnedBot({
      name: "treasury",
      fleet: this.fleet,
      environment: options.environment ?? {},
      log: this.log,
      print: (line) => this.printed.push(line),
      clock: systemClock,
      entry: fileURLToPath(new URL(`../../fixtures/${fixture}.ts`, import.meta.url)),
      execArgv: ["--import", import.meta.resolve("tsx")],
    });
    this.child = new Child({
      name: "treasury",
      role: "auxiliary",
      ports: {
        ...ports,
        spawn: (events) => {
          this.spawnTimesMs.push(systemClock.monotonic());
          return ports.spawn(events);
        },
        acquireLock: undefined,
      },
      policy: { ...quick, ...options.policy },
      clock: systemClock,
      random: Math.random,
      log: recordingLog("supervisor"),
      publish: (event) => {
        if (event.type === "bot") this.note(event.bot);
      },
    });
  }

  private note(view: BotView): void {
    if (this.states.at(-1) !== view.state) this.states.push(view.state);
    for (const look of this.waiting) look(view);
  }

  /** Resolves with the first view, from now on, that fits. */
  until(fits: (view: BotView) => boolean): Promise<BotView> {
    return new Promise((resolve) => {
      const look = (view: BotView): void => {
        if (!fits(view)) return;
        this.waiting.delete(look);
        resolve(view);
      };
      this.waiting.add(look);
      look(this.child.view());
    });
  }

  /** Everything that lives and carries the mark of this test's fleet. */
  living(): readonly number[] {
    return findMarked((mark) => mark.fleet === this.fleet).map(({ identity }) => identity.pid);
  }

  /** Also for a test that failed half way. */
  async remove(): Promise<void> {
    await this.child.stop("the end of the test", { force: true });
    await sweepMarked((mark) => mark.fleet === this.fleet, { graceMs: 0, clock: systemClock });
    rmSync(this.dir, { recursive: true, force: true });
  }
}

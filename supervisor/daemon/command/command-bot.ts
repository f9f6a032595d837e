import { sweepOwn } from "../../fleet/process/own-process.ts";
import type { BotProcess, BotProcessEvents, ChildPorts } from "../../fleet/process/ports.ts";
import type { TokenLock } from "../handover/token-lock.ts";
import { CommandRun, type CommandRunDeps } from "./command-run.ts";

/** A command as the fleet sees it: like any bot, one process after the other. */
export class CommandBot implements ChildPorts {
  private readonly deps: CommandRunDeps;
  private readonly lock: TokenLock;
  private run: CommandRun | undefined;

  /** @param lock of the command's token, held for it; whoever makes it tells its loss by `lockLost` */
  constructor(deps: CommandRunDeps, lock: TokenLock) {
    this.deps = deps;
    this.lock = lock;
  }

  readonly acquireLock = (signal: AbortSignal): Promise<void> => this.lock.take(0, signal);

  spawn(events: BotProcessEvents): BotProcess {
    this.run = new CommandRun(this.deps, events);
    return this.run;
  }

  async sweep(): Promise<readonly number[]> {
    try {
      return await sweepOwn(this.deps.owner);
    } finally {
      await this.run?.finish();
      this.run = undefined;
    }
  }

  lockLost(): void {
    this.run?.lockLost();
  }

  /** It is gone for good, or given up: somebody else may answer for its token. */
  releaseLock(): Promise<void> {
    return this.lock.release();
  }
}

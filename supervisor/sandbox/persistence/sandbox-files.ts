import { mkdirSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Clock } from "../../../shared/clock.ts";
import type { Log } from "../../../shared/logger.ts";
import { inspectJsonFile } from "../../../shared/storage/json-file.ts";
import { setAside } from "../../../shared/storage/set-aside.ts";
import type { Marks } from "./counters.ts";
import { marksSchema, type SavedState, stateSchema } from "./saved-state.ts";

export interface Restored {
  readonly state: SavedState | undefined;
  readonly marks: Marks;
}

/** `state.json`, the snapshot, and `counters.json`, the marks below which ids were given out. */
export class SandboxFiles {
  readonly statePath: string;
  readonly countersPath: string;
  /** The folder of what was uploaded. */
  readonly uploadsDir: string;

  constructor(dir: string) {
    mkdirSync(dir, { recursive: true, mode: 0o700 });
    this.statePath = join(dir, "state.json");
    this.countersPath = join(dir, "counters.json");
    this.uploadsDir = join(dir, "files");
  }

  /**
   * Both files belong together: ids that cannot be trusted must not be given out again under an old bot id. So where
   * one of them is broken, or the counters are missing, both are put aside and the sandbox begins anew.
   */
  async restore(clock: Clock, log: Log): Promise<Restored> {
    const state = await inspectJsonFile(this.statePath, stateSchema, log, clock);
    const counters = await inspectJsonFile(this.countersPath, marksSchema, log, clock);
    if (state.kind === "read" && counters.kind === "read")
      return { state: state.value, marks: counters.value.marks };
    if (state.kind === "absent" && counters.kind !== "broken")
      return { state: undefined, marks: {} };
    if (state.kind === "read") await this.putAside(this.statePath, clock, log);
    if (counters.kind === "read") await this.putAside(this.countersPath, clock, log);
    log.error(
      "The sandbox begins anew, with new bot ids: its stored state could not be used and was set aside.",
    );
    return { state: undefined, marks: {} };
  }

  /**
   * Survives the death of the process at any moment, and is cheap enough to stand in the way of ids: without fsync,
   * so a power cut may lose it, and then {@link restore} begins anew.
   */
  saveMarks(marks: Marks): void {
    const draft = `${this.countersPath}.${process.pid}.tmp`;
    writeFileSync(draft, `${JSON.stringify({ format: 1, marks })}\n`, { mode: 0o600 });
    renameSync(draft, this.countersPath);
  }

  private async putAside(path: string, clock: Clock, log: Log): Promise<void> {
    const movedTo = await setAside(path, clock);
    log.warn("sandbox file set aside, because its companion is unusable", { file: path, movedTo });
  }
}

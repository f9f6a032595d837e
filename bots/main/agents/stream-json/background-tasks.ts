import type { Line } from "./decoding/line.ts";

type TaskLine = Extract<Line, { kind: "tasks" | "task_started" | "task_ended" }>;

/** The background work of one process, as either way of telling it says. Pure. */
export class BackgroundTasks {
  private pairs = new Map<string, string>();
  /** Once the CLI tells the whole list, the pairs beside it say nothing more. */
  private listed: readonly string[] | undefined;

  get descriptions(): readonly string[] {
    return this.listed ?? [...this.pairs.values()];
  }

  /** @returns whether anything changed */
  take(line: TaskLine): boolean {
    const before = this.descriptions.join("\n");
    const countBefore = this.descriptions.length;
    if (line.kind === "tasks") this.listed = line.tasks;
    else if (line.kind === "task_started") this.pairs.set(line.id, line.description);
    else this.pairs.delete(line.id);
    return this.descriptions.length !== countBefore || this.descriptions.join("\n") !== before;
  }
}

import { z } from "zod";

/** What can be made to go wrong. The names are part of the user side's contract. */
const faultKinds = [
  "status",
  "retry_after",
  "html",
  "html200",
  "null",
  "truncated",
  "reset_before",
  "reset_after",
  "hang",
  "delay",
] as const;

export const faultSchema = z.strictObject({
  /** Only calls of this bot. */
  bot: z.int().exactOptional(),
  /** Only this method, in any letters. */
  method: z.string().exactOptional(),
  kind: z.enum(faultKinds),
  /** How many calls it hits; 0: all, until cleared. */
  times: z.int().min(0).default(1),
  /** HTTP status and error code of `status` (default 500) and `html` (default 502). */
  status: z.int().min(400).max(599).exactOptional(),
  /** Description of `status`. */
  description: z.string().exactOptional(),
  /** Seconds, for `retry_after` (default 1); with `status`, added to its answer. */
  retry_after: z.int().min(0).exactOptional(),
  /** For `delay` (default 1000); with any other kind, it waits so long first. */
  delay_ms: z.int().min(0).exactOptional(),
});

export type FaultRule = z.output<typeof faultSchema>;
export type FaultOrder = z.input<typeof faultSchema>;

export interface ListedFault extends FaultRule {
  readonly id: number;
  /** How often it has hit. */
  readonly hits: number;
}

interface Fault {
  readonly id: number;
  readonly rule: FaultRule;
  hits: number;
}

/** The faults that wait; the oldest one that fits a call hits it. */
export class FaultTable {
  private readonly faults = new Map<number, Fault>();
  private lastId = 0;

  add(rule: FaultRule): number {
    this.lastId += 1;
    this.faults.set(this.lastId, { id: this.lastId, rule, hits: 0 });
    return this.lastId;
  }

  clear(): void {
    this.faults.clear();
  }

  list(): readonly ListedFault[] {
    return [...this.faults.values()].map(({ id, rule, hits }) => ({ id, ...rule, hits }));
  }

  /** The fault for this call, counted as used. */
  take(botId: number | undefined, method: string): FaultRule | undefined {
    for (const fault of this.faults.values()) {
      const { rule } = fault;
      if (rule.bot !== undefined && rule.bot !== botId) continue;
      if (rule.method !== undefined && rule.method.toLowerCase() !== method.toLowerCase()) continue;
      fault.hits += 1;
      if (fault.hits === rule.times) this.faults.delete(fault.id);
      return rule;
    }
    return undefined;
  }
}

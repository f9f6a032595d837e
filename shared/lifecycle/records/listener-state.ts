import { z } from "zod";

/** One transition of a listener's life; each happens at most once per lease. */
export const transitionNames = [
  "start",
  "running",
  "stopping",
  "stopped",
  "failed",
  "close",
  "crashed",
] as const;
export type TransitionName = (typeof transitionNames)[number];

export const instantSchema = z.iso.datetime({ precision: 3 });

/** `state.yaml`: the last transition and the last word of the listener. Fields are explained in docs/lifecycle-files.md. */
export const listenerStateSchema = z.strictObject({
  version: z.literal(1),
  lease: z.string().min(1),
  status: z.enum(["starting", "running", "stopping", "stopped", "failed"]),
  lease_active: z.boolean(),
  last_event: z.enum(transitionNames),
  last_event_at: instantSchema,
  last_event_by: z.string().exactOptional(),
  cause: z.string().exactOptional(),
  error: z.string().exactOptional(),
  last_poll: instantSchema.exactOptional(),
  offset: z.int().exactOptional(),
  started: instantSchema,
  updated: instantSchema,
  stopped: instantSchema.exactOptional(),
  finished: instantSchema.exactOptional(),
});

export type ListenerState = z.infer<typeof listenerStateSchema>;

/** What a listener reports between its transitions. Never lowers the epoch. */
export interface Progress {
  /** When the last getUpdates came back well, epoch milliseconds. */
  readonly lastPollMs?: number;
  /** The offset of the next getUpdates. */
  readonly offset?: number;
  /** The polling epoch, once this process has one. */
  readonly epoch?: number;
}

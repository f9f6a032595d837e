import { z } from "zod";
import { botStatusSchema, fleetStatusSchema } from "../../../shared/contract/fleet-status.ts";

/** What a process and all that came from it use. */
const usageSchema = z.object({
  /** Memory that is theirs alone or their part of what they share would be dear to count: the sum of resident sizes. */
  memoryBytes: z.number(),
  /** Of one core, since the look before; null at the first. */
  cpuPercent: z.number().nullable(),
  processes: z.int(),
  /** The bot's own process was suspended (SIGSTOP, a debugger). */
  suspended: z.boolean(),
});

const pictureBotSchema = botStatusSchema.extend({
  usage: usageSchema.optional(),
  /** While another poller takes the token's updates: who it is, as far as it can be seen, and what is being done. */
  rival: z.object({ who: z.string(), doing: z.string() }).optional(),
});

/** The fleet at one moment: `GET /api/fleet`, and the first of `GET /api/live`. Instants are epoch milliseconds. */
export const pictureSchema = fleetStatusSchema.extend({
  usage: usageSchema.optional(),
  bots: z.array(pictureBotSchema),
});

/** One line each of `GET /api/live`. The snapshot comes first; what follows changes it. */
export const changeSchema = z.discriminatedUnion("type", [
  z.object({ type: z.literal("snapshot"), fleet: pictureSchema }),
  /** A bot as it is now; replaces the one of its name, or is new. */
  z.object({ type: z.literal("bot"), bot: pictureBotSchema }),
  z.object({ type: z.literal("removed"), name: z.string() }),
  /** The supervisor's own state; after `stopping` the stream ends. */
  z.object({ type: z.literal("state"), state: fleetStatusSchema.shape.state }),
  /** `usage` of the supervisor and of the bots that run. */
  z.object({
    type: z.literal("usage"),
    supervisor: usageSchema.optional(),
    bots: z.record(z.string(), usageSchema),
  }),
  /** Something happened that people want to hear of once. */
  z.object({
    type: z.literal("news"),
    at: z.number(),
    name: z.string(),
    what: z.enum(["given_up", "recovered"]),
    reason: z.string(),
  }),
]);

export type Usage = z.infer<typeof usageSchema>;
export type PictureBot = z.infer<typeof pictureBotSchema>;
export type FleetPicture = z.infer<typeof pictureSchema>;
export type Change = z.infer<typeof changeSchema>;

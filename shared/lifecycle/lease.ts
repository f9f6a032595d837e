import { z } from "zod";
import { instantSchema } from "./listener-state.ts";

export const holderSchema = z.strictObject({
  label: z.string().min(1),
  pid: z.int().positive(),
});

/** The process that listens, and the name under which it does. */
export type Holder = Readonly<z.infer<typeof holderSchema>>;

/** `lease.yaml`: who listens, and is it still active? Fields are explained in docs/lifecycle-files.md. */
export const leaseSchema = z.strictObject({
  version: z.literal(1),
  id: z.string().min(1),
  status: z.enum(["active", "inactive"]),
  holder: holderSchema,
  epoch: z.int().nonnegative(),
  acquired: instantSchema,
  renewed: instantSchema,
  released: instantSchema.exactOptional(),
  released_by: z.string().exactOptional(),
});

export type Lease = z.infer<typeof leaseSchema>;

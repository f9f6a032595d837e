import { z } from "zod";
import type { ProcessIdentity } from "../../process/identity.ts";
import { instantSchema } from "./listener-state.ts";

const holderSchema = z.strictObject({
  /** The name under which it listens: a bot's, or `supervisor`. */
  label: z.string().min(1),
  pid: z.int().positive(),
  start_ticks: z.int().nonnegative().nullable(),
  boot_id: z.string().nullable(),
  pid_namespace: z.string().nullable(),
  net_namespace: z.string().nullable(),
  host: z.string(),
});

/** The process that listens, as it stands in the file. */
export type Holder = Readonly<z.infer<typeof holderSchema>>;

export function holderOf(identity: ProcessIdentity, label: string): Holder {
  return {
    label,
    pid: identity.pid,
    start_ticks: identity.startTicks,
    boot_id: identity.bootId,
    pid_namespace: identity.pidNamespace,
    net_namespace: identity.netNamespace,
    host: identity.host,
  };
}

export function identityOf(holder: Holder): ProcessIdentity {
  return {
    pid: holder.pid,
    startTicks: holder.start_ticks,
    bootId: holder.boot_id,
    pidNamespace: holder.pid_namespace,
    netNamespace: holder.net_namespace,
    host: holder.host,
  };
}

export function describeHolder(holder: Holder): string {
  return `${holder.label}, pid ${holder.pid} on ${holder.host}`;
}

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

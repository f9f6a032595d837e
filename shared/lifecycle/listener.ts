import { randomBytes } from "node:crypto";
import { mkdir } from "node:fs/promises";
import type { Clock } from "../clock.ts";
import type { Log } from "../logger.ts";
import { judge, type ProcessIdentity } from "../process/identity.ts";
import { LeaseHandle, type Listener } from "./lease-handle.ts";
import { LeaseHeldError } from "./listener-errors.ts";
import { ListenerRecords } from "./listener-records.ts";
import { describeHolder, type Holder, holderOf, identityOf, type Lease } from "./records/lease.ts";

export interface OpenListener {
  /** The folder of lease.yaml, state.yaml and history.md; made if it is not there. */
  readonly root: string;
  /** The process whose end is the listener's end: ourselves, or a child whose files we keep. */
  readonly holder: ProcessIdentity;
  /** The bot's name, or `supervisor`. */
  readonly label: string;
  /** The polling epoch as far as it is known; undefined: the lease counts on by itself. Never lowered. */
  readonly epoch?: number;
  readonly clock: Clock;
  readonly log: Log;
  /** How one sees whether a holder lives; tests give their own. */
  readonly judge?: typeof judge;
}

/**
 * A lease whose holder cannot be seen from here (another machine, another container) is abandoned when it was not
 * renewed for so long: five renewals missed.
 */
export const abandonedAfterMs = 5 * 60_000;

/**
 * Takes the lease and writes the start into the three files. The active lease of a dead holder is first closed as
 * `crashed`; history and epoch go on.
 * @throws LeaseHeldError (exit 75) while the lease is active and its holder alive, or not provably dead
 * @throws ConfigurationError (exit 78) for a damaged file, which is set aside
 */
export async function openListener(options: OpenListener): Promise<Listener> {
  const { root, clock, log } = options;
  const holder = holderOf(options.holder, options.label);
  await mkdir(root, { recursive: true, mode: 0o700 });
  const lease = await ListenerRecords.exclusively(root, clock, async (records) => {
    await records.sweepDrafts();
    const before = records.get().lease;
    if (before?.status === "active") {
      refuseLiving(before, options);
      log.warn("the listener before this one was gone with its lease active", {
        holder: describeHolder(before.holder),
        lease: before.id,
        renewed: before.renewed,
      });
      await records.apply({ type: "crashed", by: describeHolder(holder) });
    }
    return await take(records, holder, options.epoch);
  });
  return new LeaseHandle({ root, lease, clock, log });
}

async function take(
  records: ListenerRecords,
  holder: Holder,
  epoch: number | undefined,
): Promise<Lease> {
  const leaseId = randomBytes(6).toString("hex");
  await records.apply({ type: "start", leaseId, holder, epoch });
  const { lease } = records.get();
  if (lease?.id !== leaseId) throw new Error("the lease could not be taken from a settled root");
  return lease;
}

function refuseLiving(lease: Lease, options: OpenListener): void {
  const judgement = (options.judge ?? judge)(identityOf(lease.holder));
  if (judgement === "dead") return;
  if (judgement === "alive") throw new LeaseHeldError(lease, options.root, undefined);
  const silentMs = options.clock.now() - Date.parse(lease.renewed);
  if (silentMs > abandonedAfterMs) return;
  throw new LeaseHeldError(
    lease,
    options.root,
    `Its process cannot be seen from here; its last sign of life is ${Math.max(0, Math.round(silentMs / 1000))} s old, and after ${abandonedAfterMs / 60_000} minutes without one it counts as gone.`,
  );
}

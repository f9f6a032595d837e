import { applyEvent, type LifecycleRecords, releasedLease, startedState } from "./transitions.ts";

export const editedByHand = "hand (lease.yaml was edited)";

/**
 * Makes the two records tell one story again, before anything else is done with them. They are two files: a process
 * can die between the two writes, and a person can edit one of them.
 * A start writes the lease first and the state from it; every other transition writes the state first and the lease
 * from it. So what is missing can always be derived.
 */
export function settle(records: LifecycleRecords, now: string): LifecycleRecords {
  const { lease, state } = records;
  if (lease === undefined) return records;
  if (lease.status === "active") {
    if (state?.lease !== lease.id) return { lease, state: startedState(lease) };
    return state.lease_active ? records : { lease: releasedLease(lease, state), state };
  }
  if (state?.lease !== lease.id || !state.lease_active) return records;
  // Only a person writes `status: inactive` into the lease and nothing else: the plainest way to close a listener.
  const closed = applyEvent(
    records,
    { type: "close", by: lease.released_by ?? editedByHand },
    lease.released ?? now,
  );
  return closed.kind === "refused" ? records : closed.records;
}

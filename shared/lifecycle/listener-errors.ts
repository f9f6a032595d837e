import { OperatorError } from "../errors.ts";
import { exitCode } from "../exit-code.ts";
import { describeHolder, type Holder, type Lease } from "./records/lease.ts";

/** A living process (or one of which nothing can be proven) has the lease. */
export class LeaseHeldError extends OperatorError {
  readonly exitCode = exitCode.lockHeld;
  readonly holder: Holder;

  constructor(lease: Lease, root: string, unprovable: string | undefined) {
    const { holder } = lease;
    super(
      `${describeHolder(holder)}, listens here since ${lease.acquired} (${root}).${unprovable === undefined ? "" : ` ${unprovable}`} Close it first: tg-supervisor close ${root}`,
    );
    this.holder = holder;
  }
}

/** The reason of a listener's `closed` signal: somebody ended its lease. An orderly end, not a failure. */
export class ListenerClosedError extends OperatorError {
  readonly exitCode = exitCode.clean;
  /** True for `close` and for a hand that wrote `inactive`; false where the files are damaged, gone or another's. */
  readonly byOperator: boolean;

  constructor(cause: string, byOperator: boolean) {
    super(cause);
    this.byOperator = byOperator;
  }
}

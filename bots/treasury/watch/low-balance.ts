/** What is remembered of one wallet and asset. */
export interface LowState {
  readonly isLow: boolean;
}

/** The state after a look; undefined where nothing was crossed. A balance that is low at the first look has crossed. */
export function crossing(
  before: LowState | undefined,
  amount: bigint,
  below: bigint,
): LowState | undefined {
  const isLow = amount < below;
  return isLow === (before?.isLow ?? false) ? undefined : { isLow };
}

/** What is remembered of one wallet and asset. */
export interface LowState {
  readonly isLow: boolean;
  /** How often it has become low or enough again, ever: names each time for good. */
  readonly crossings: number;
}

/** The state after a look; undefined where nothing was crossed. A balance that is low at the first look has crossed. */
export function crossing(
  before: LowState | undefined,
  amount: bigint,
  below: bigint,
): LowState | undefined {
  const isLow = amount < below;
  if (isLow === (before?.isLow ?? false)) return undefined;
  return { isLow, crossings: (before?.crossings ?? 0) + 1 };
}

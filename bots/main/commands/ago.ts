const units: readonly (readonly [letter: string, ms: number])[] = [
  ["d", 86_400_000],
  ["h", 3_600_000],
  ["m", 60_000],
];

/** `just now`, `2m ago`, `1h ago`, `3d ago`. */
export function agoWords(ms: number): string {
  const unit = units.find(([, unitMs]) => ms >= unitMs);
  return unit === undefined ? "just now" : `${Math.floor(ms / unit[1])}${unit[0]} ago`;
}

export function measureSpeeds<Name extends string>(
  texts: readonly string[],
  works: Readonly<Record<Name, (text: string) => unknown>>,
  nowMs: () => number,
  minimalMs: number,
): Record<Name, number>;

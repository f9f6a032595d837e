import type { BlockRef } from "../chain.ts";

/** How far back a reorganisation can be followed; deeper ones have not been seen on chains that people trade on. */
export const trailLength = 128;

/** The newest blocks that were handled, oldest first, without gaps except before the first of a caught-up stretch. */
export type Trail = readonly BlockRef[];

/** The trail with a block more, cut at its length. */
export function extended(trail: Trail, { number, hash }: BlockRef): Trail {
  return [...trail, { number, hash }].slice(-trailLength);
}

/** The trail without the blocks that are gone. */
export function shortened(trail: Trail, gone: readonly BlockRef[]): Trail {
  const hashes = new Set(gone.map(({ hash }) => hash));
  return trail.filter(({ hash }) => !hashes.has(hash));
}

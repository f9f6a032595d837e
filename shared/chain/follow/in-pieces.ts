import { ChainError } from "../chain-error.ts";

/**
 * Asks for a long stretch of blocks in as many pieces as the other side wants: providers limit blocks and results, each
 * in its own way, and only trying tells.
 */
export async function inPieces<Item>(
  first: number,
  last: number,
  ask: (first: number, last: number) => Promise<readonly Item[]>,
): Promise<readonly Item[]> {
  try {
    return await ask(first, last);
  } catch (error) {
    const isTooMuch = error instanceof ChainError && error.trouble === "too_much";
    if (!isTooMuch || first >= last) throw error;
  }
  const middle = Math.floor((first + last) / 2);
  const before = await inPieces(first, middle, ask);
  return [...before, ...(await inPieces(middle + 1, last, ask))];
}

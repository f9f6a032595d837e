/** A symbol of more than 16 characters is an advertisement. */
const tooLong = /^(.{16}).*$/u;

/**
 * The symbol of a token as it may be shown. Anybody can deploy a token and name it as they like: what could be read as a
 * link, as markup, or as a line of our own is taken out.
 */
export function plainSymbol(symbol: string): string {
  const plain = symbol
    .normalize("NFKC")
    .replaceAll(/[^\p{L}\p{N}\p{Sc}._+-]/gu, "")
    // "USDC.e" is a symbol, "win.com" is an address.
    .replaceAll(/\.(?=[^.]{2})/gu, "");
  const short = plain.replace(tooLong, "$1");
  return short === "" ? "?" : short;
}

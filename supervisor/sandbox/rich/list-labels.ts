/** The labels of a list's items as their readers see them: bullets, or numbers that count on. */
export function labels(items: readonly Readonly<Record<string, unknown>>[]): readonly string[] {
  let last = 0;
  return items.map(({ value, type }) => {
    if (value === undefined && type === undefined) return "•";
    last = typeof value === "number" ? value : last + 1;
    return `${numbered(last, typeof type === "string" ? type : "1")}.`;
  });
}

/** `1`, `a`, `A`, `i` and `I`, as in HTML's lists. */
function numbered(value: number, type: string): string {
  if (type === "a" || type === "A") {
    const written = lettered(value);
    return type === "a" ? written : written.toUpperCase();
  }
  if (type === "i" || type === "I") {
    const written = roman(value);
    return type === "i" ? written : written.toUpperCase();
  }
  return String(value);
}

const alphabet = "abcdefghijklmnopqrstuvwxyz";

function lettered(value: number): string {
  if (value < 1) return String(value);
  let rest = value;
  let written = "";
  while (rest > 0) {
    rest -= 1;
    written = alphabet.charAt(rest % alphabet.length) + written;
    rest = Math.floor(rest / alphabet.length);
  }
  return written;
}

const romanSigns: readonly (readonly [number, string])[] = [
  [1000, "m"],
  [900, "cm"],
  [500, "d"],
  [400, "cd"],
  [100, "c"],
  [90, "xc"],
  [50, "l"],
  [40, "xl"],
  [10, "x"],
  [9, "ix"],
  [5, "v"],
  [4, "iv"],
  [1, "i"],
];

function roman(value: number): string {
  if (value < 1 || value >= 4000) return String(value);
  let rest = value;
  let written = "";
  for (const [worth, sign] of romanSigns)
    while (rest >= worth) {
      written += sign;
      rest -= worth;
    }
  return written;
}

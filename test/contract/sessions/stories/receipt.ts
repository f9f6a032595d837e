/** One line of a receipt: what it claims to have done to a session. */
interface ReceiptLine {
  readonly topic: number | undefined;
  readonly session: string;
  readonly how: "interrupted" | "ended" | "waited" | "nothing";
  readonly tookMs: number;
  readonly isVerified: boolean;
}

export interface Receipt {
  readonly lines: readonly ReceiptLine[];
  readonly cancelled: number;
}

const linePattern = /^⏹ (?:Topic (\d+): )?(\w+) (.+)$/;
/** What the next life tells of a stop that a kill cut short. */
const cutNotice = "⏹ The bot was restarted in the midst of a stop.";
const cancelledPattern = /^(\d+) queued messages? cancelled\.$/;

/** @returns undefined for a text that is no receipt */
export function readReceipt(text: string): Receipt | undefined {
  if (text.startsWith(cutNotice)) return undefined;
  if (text === "Nothing is running.") return { lines: [], cancelled: 0 };
  const lines: ReceiptLine[] = [];
  let cancelled = 0;
  for (const line of text.split("\n")) {
    const count = cancelledPattern.exec(line)?.[1];
    const [, topic, session = "", what = ""] = linePattern.exec(line) ?? [];
    if (count !== undefined) cancelled = Number(count);
    else if (what === "") return undefined;
    else
      lines.push({
        topic: topic === undefined ? undefined : Number(topic),
        session,
        ...done(what),
      });
  }
  return { lines, cancelled };
}

function done(what: string): Pick<ReceiptLine, "how" | "tookMs" | "isVerified"> {
  const tookMs = Number(/in (\d+\.\d) s/.exec(what)?.[1] ?? 0) * 1_000;
  const isVerified = what.includes("its tool processes are gone, verified");
  if (what.startsWith("interrupted in")) return { how: "interrupted", tookMs, isVerified };
  if (what.includes("its process was ended")) return { how: "ended", tookMs, isVerified };
  return { how: what.startsWith("waited") ? "waited" : "nothing", tookMs, isVerified };
}

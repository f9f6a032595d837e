import type { Log } from "../../../shared/logger.ts";
import type { JournalStorage } from "../../../shared/storage/journal-storage.ts";
import { Books } from "./books.ts";
import { decodeLine, encodeLine } from "./ledger-line.ts";

/** Where a ledger is kept. */
export interface LedgerStorage extends JournalStorage {
  /** Keeps lines that cannot be used, for a person to look at; gives the file's name. */
  keepBroken(text: string): Promise<string>;
}

export interface ReadLedger {
  readonly books: Books;
  /** How many bytes of the file stand for the books. */
  readonly length: number;
}

interface Reading {
  readonly books: Books;
  readonly kept: string[];
  readonly broken: string[];
  readonly faults: string[];
}

/**
 * Reads a ledger and checks that every balance is the sum of its trades. A half line at the end was never promised and
 * is cut off. Damaged lines are put aside; where a later trade of the same book tells what it held, the book is set right
 * by it. Everything else goes on, and the log says what happened.
 * @throws the system's error
 */
export async function readLedger(storage: LedgerStorage, log: Log): Promise<ReadLedger> {
  const bytes = await storage.read();
  if (bytes === undefined) {
    await storage.replace("");
    return { books: new Books(), length: 0 };
  }
  const lines = bytes.toString("utf8").split("\n");
  const halfLine = lines.pop() ?? "";
  const reading = readLines(lines);
  const { books, kept, broken, faults } = reading;
  if (faults.length > 0) {
    // First beside it, then out of it: a crash between the two keeps them twice, never nowhere.
    const keptAs =
      broken.length === 0 ? undefined : await storage.keepBroken(`${broken.join("\n")}\n`);
    log.error(
      "The ledger is damaged. Its other lines go on; books were set right where possible.",
      {
        file: storage.place,
        brokenLines: broken.length,
        keptAs,
        faults: faults.slice(0, 10),
      },
    );
  } else if (halfLine !== "") {
    log.warn("The ledger ended in a half line, never promised; it was cut off.", {
      file: storage.place,
      bytes: Buffer.byteLength(halfLine),
    });
  }
  const text = kept.join("");
  if (faults.length > 0 || halfLine !== "") await storage.replace(text);
  return { books, length: Buffer.byteLength(text) };
}

function readLines(lines: readonly string[]): Reading {
  const reading: Reading = { books: new Books(), kept: [], broken: [], faults: [] };
  const { books, kept, broken, faults } = reading;
  for (const [index, text] of lines.entries()) {
    const line = decodeLine(text);
    const fault = line === undefined ? "it cannot be read" : books.findFault(line);
    if (fault !== undefined) faults.push(`line ${index + 1}: ${fault}`);
    if (line === undefined || (line.t === "trade" && books.tradeOf(line.quote) !== undefined)) {
      broken.push(text);
      continue;
    }
    if (fault !== undefined && line.t === "trade") {
      for (const amends of books.amends(line)) {
        books.apply(amends);
        kept.push(encodeLine(amends));
      }
    }
    books.apply(line);
    kept.push(`${text}\n`);
  }
  return reading;
}

import type { Log } from "../../logger.ts";
import type { JournalStorage } from "../../storage/journal-storage.ts";
import { decodeRecord } from "./answer-line.ts";
import { Ledger } from "./ledger.ts";

/**
 * What earlier lives left. A half line at the end is what a writer left when it died: nothing of it was promised, it is
 * dropped. Damage elsewhere: the file is set aside, and what can be read of it goes on. A file of another bot is set
 * aside as a whole: its answers are not ours to give.
 * @throws the system's error
 */
export async function readJournal(
  storage: JournalStorage,
  botId: number,
  log: Log,
): Promise<Ledger> {
  const ledger = new Ledger(botId);
  const bytes = await storage.read();
  if (bytes === undefined) return ledger;
  const lines = bytes.toString("utf8").split("\n");
  const halfLine = lines.pop() ?? "";
  const records = lines.map((line) => decodeRecord(line));
  const head = records[0];
  if (head?.t === "head" && head.botId !== botId) {
    const keptAs = await storage.setAside();
    log.error("The unsent answers of another bot were found and set aside.", {
      file: storage.place,
      keptAs,
      botId: head.botId,
    });
    return ledger;
  }
  for (const record of records) if (record !== undefined) ledger.apply(record);
  const damaged = records.flatMap((record, index) => (record === undefined ? [index + 1] : []));
  if (damaged.length > 0) {
    const keptAs = await storage.setAside();
    log.error("The journal of answers is damaged. It was set aside; what can be read goes on.", {
      file: storage.place,
      keptAs,
      damagedLines: damaged.slice(0, 10),
      unsent: ledger.openCount,
    });
  } else if (halfLine !== "") {
    log.warn("The journal of answers ended in a half line, never promised; it was cut off.", {
      file: storage.place,
      bytes: Buffer.byteLength(halfLine),
    });
  }
  return ledger;
}

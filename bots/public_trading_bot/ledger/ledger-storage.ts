import type { Clock } from "../../../shared/clock.ts";
import { writeFileAtomic } from "../../../shared/storage/atomic-file.ts";
import { DiskStorage } from "../../../shared/storage/journal-storage.ts";
import { setAside } from "../../../shared/storage/set-aside.ts";
import type { LedgerStorage } from "./read-ledger.ts";

/** A ledger's file, and beside it what of it was broken. */
export function ledgerStorage(path: string, clock: Clock): LedgerStorage {
  const disk = new DiskStorage(path, clock);
  return Object.assign(disk, {
    async keepBroken(text: string): Promise<string> {
      const lines = `${path}-lines`;
      await writeFileAtomic(lines, text);
      return setAside(lines, clock);
    },
  });
}

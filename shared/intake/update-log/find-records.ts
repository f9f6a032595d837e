import { systemErrorCode } from "../../errors.ts";
import type { JournalRecord } from "./journal.ts";
import { decodeLine } from "./segments/log-line.ts";
import type { LogStorage } from "./segments/log-storage.ts";
import { SegmentLines } from "./segments/segment-lines.ts";
import { segmentsOf } from "./segments/segment-name.ts";

export interface RecordQuestion {
  /** Asked of each line as it stands in the file, because reading one takes longer. */
  readonly mayBe: (line: string) => boolean;
  readonly isMeant: (record: JournalRecord) => boolean;
}

export interface FoundRecords {
  /** Oldest first. */
  readonly found: readonly JournalRecord[];
  /** What was looked through. */
  readonly oldest: JournalRecord | undefined;
  readonly newest: JournalRecord | undefined;
  /** There are older segments that were not looked at. */
  readonly isPartial: boolean;
}

/** About 300,000 updates; a segment takes some 20 ms. */
const mostSegments = 32;

/**
 * Looks records up in a log of which nobody knows the positions, newest segment first, until one has some. Without any
 * effect on the log: whoever polls may be writing, and a segment may vanish meanwhile.
 * @throws the system's error when the disk fails
 */
export async function findRecords(
  storage: LogStorage,
  question: RecordQuestion,
): Promise<FoundRecords> {
  const names = segmentsOf(await storage.list()).toReversed();
  const looked = names.slice(0, mostSegments);
  let found: JournalRecord[] = [];
  let oldest: JournalRecord | undefined;
  let newest: JournalRecord | undefined;
  for (const name of looked) {
    const sight = await lookInto(storage, name, question);
    oldest = sight.first ?? oldest;
    newest ??= sight.last;
    ({ found } = sight);
    if (found.length > 0) break;
  }
  return { found, oldest, newest, isPartial: names.length > looked.length };
}

interface SegmentSight {
  readonly found: JournalRecord[];
  readonly first: JournalRecord | undefined;
  readonly last: JournalRecord | undefined;
}

async function lookInto(
  storage: LogStorage,
  name: string,
  { mayBe, isMeant }: RecordQuestion,
): Promise<SegmentSight> {
  const found = new Map<number, JournalRecord>();
  let first: JournalRecord | undefined;
  let lastText = "";
  for await (const text of linesOf(storage, name)) {
    const isCandidate = mayBe(text);
    if (first === undefined || isCandidate) {
      const record = recordOf(text);
      first ??= record;
      // What a writer that was replaced has left is written again by the one after it.
      if (isCandidate && record !== undefined && isMeant(record))
        found.set(record.updateId, record);
    }
    if (text.startsWith('{"v":1,"seq"')) lastText = text;
  }
  return { found: [...found.values()], first, last: recordOf(lastText) };
}

async function* linesOf(storage: LogStorage, name: string): AsyncGenerator<string> {
  let lines: SegmentLines;
  try {
    lines = await SegmentLines.open(storage, name);
  } catch (error) {
    if (systemErrorCode(error) === "ENOENT") return;
    throw error;
  }
  try {
    for (let some = await lines.next(); some.length > 0; some = await lines.next())
      yield* some.map(({ text }) => text);
  } finally {
    await lines.close();
  }
}

function recordOf(text: string): JournalRecord | undefined {
  const line = decodeLine(text);
  return line.kind === "record" ? line.record : undefined;
}

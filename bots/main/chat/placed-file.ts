import { z } from "zod";
import type { Log } from "../../../shared/logger.ts";
import { GrowingJournal, readJournalLines } from "../../../shared/storage/growing-journal.ts";
import type { JournalStorage } from "../../../shared/storage/journal-storage.ts";

const placedSchema = z.object({
  /** Names it for ever; the outbox knows by it what it became. */
  key: z.string(),
  /** What it shows, and whose id it has: a message's number, a request, a session, a turn. */
  kind: z.enum(["queued", "request", "waiting_for_seat", "stalled", "resume_failed", "turn"]),
  id: z.string(),
  place: z.object({ chatId: z.int(), topicId: z.int().exactOptional() }),
  /** Its words; those of a turn are in the journal of sessions. */
  markdown: z.string(),
  /** Unknown until Telegram has it. */
  messageId: z.int().exactOptional(),
  /** Full messages of a turn that stand before it. */
  sealed: z.int().nonnegative().exactOptional(),
  /** What it must become, for good; without words it is taken away. */
  end: z.object({ markdown: z.string().exactOptional() }).exactOptional(),
});

/** A message of ours that changes when what it shows has changed. */
export type PlacedMessage = Readonly<z.infer<typeof placedSchema>>;

/** The newest line of a key counts. */
const lineSchema = z.union([placedSchema, z.object({ gone: z.string() })]);
type PlacedLine = z.infer<typeof lineSchema>;

/** What is beyond tells the truth only when it is pressed. */
const mostPlaced = 2_000;

/** `sessions/placed.jsonl`: the messages that must still change, whoever lives by then. */
export class PlacedFile {
  private readonly messages: Map<string, PlacedMessage>;
  private readonly lines: GrowingJournal;
  private isClosed = false;

  private constructor(messages: Map<string, PlacedMessage>, lines: GrowingJournal) {
    this.messages = messages;
    this.lines = lines;
  }

  /** @throws the system's error */
  static async open(storage: JournalStorage, log: Log): Promise<PlacedFile> {
    const messages = new Map<string, PlacedMessage>();
    const reading = { decode: decodeLine, name: "The record of placed messages", log };
    for (const line of await readJournalLines(storage, reading)) {
      if ("gone" in line) messages.delete(line.gone);
      else messages.set(line.key, line);
    }
    const snapshot = (): string => [...messages.values()].map(encodeLine).join("");
    return new PlacedFile(messages, await GrowingJournal.open({ storage, snapshot, log }));
  }

  /** Oldest first. */
  get all(): readonly PlacedMessage[] {
    return [...this.messages.values()];
  }

  get(key: string): PlacedMessage | undefined {
    return this.messages.get(key);
  }

  /** On the disk when it resolves. @throws the system's error */
  async keep(message: PlacedMessage): Promise<void> {
    this.set(message);
    if (!this.isClosed) await this.lines.insist(encodeLine(message));
  }

  /** Survives the end of the process. */
  note(message: PlacedMessage): void {
    this.set(message);
    this.write(message);
  }

  /** It changes no more. */
  drop(key: string): void {
    if (this.messages.delete(key)) this.write({ gone: key });
  }

  /** What becomes of messages later is found out by the next life. @throws the system's error */
  async close(): Promise<void> {
    this.isClosed = true;
    await this.lines.close();
  }

  private set(message: PlacedMessage): void {
    this.messages.set(message.key, message);
    const [oldest] = this.messages.keys();
    if (this.messages.size > mostPlaced && oldest !== undefined) this.drop(oldest);
  }

  private write(line: PlacedLine): void {
    if (!this.isClosed) this.lines.note(encodeLine(line));
  }
}

function encodeLine(line: PlacedLine): string {
  return `${JSON.stringify(line)}\n`;
}

function decodeLine(text: string): PlacedLine | undefined {
  try {
    return lineSchema.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}

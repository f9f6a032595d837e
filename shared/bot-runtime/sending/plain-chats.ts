import { z } from "zod";
import type { Log } from "../../logger.ts";
import { writeFileAtomic } from "../../storage/atomic-file.ts";
import { readJsonFile } from "../../storage/json-file.ts";

const schema = z.object({ version: z.literal(1), chats: z.array(z.int()) });

/** The chats that turned rich messages off: some clients show none, or only their beginning. Survives restarts. */
export class PlainChats {
  private readonly path: string;
  private readonly chats: Set<number>;
  /** One write after the other: the last one has them all. */
  private saving: Promise<void> = Promise.resolve();

  private constructor(path: string, chats: Iterable<number>) {
    this.path = path;
    this.chats = new Set(chats);
  }

  static async open(path: string, log: Log): Promise<PlainChats> {
    const stored = await readJsonFile(path, schema, log);
    return new PlainChats(path, stored?.chats ?? []);
  }

  has(chatId: number | string): boolean {
    return this.chats.has(Number(chatId));
  }

  /** A group has become a supergroup: what it wanted holds there. On the disk when it resolves. @throws as {@link set} */
  async move(oldId: number, newId: number): Promise<void> {
    if (!this.chats.delete(oldId)) return;
    await this.set(newId, true);
  }

  /** On the disk when it resolves. @throws the system's error */
  async set(chatId: number, plain: boolean): Promise<void> {
    if (plain) this.chats.add(chatId);
    else this.chats.delete(chatId);
    const before = this.saving;
    const saved = (async () => {
      await before;
      await this.save();
    })();
    // The next one writes whatever became of this one.
    this.saving = saved.catch(() => undefined);
    await saved;
  }

  private async save(): Promise<void> {
    await writeFileAtomic(this.path, `${JSON.stringify({ version: 1, chats: [...this.chats] })}\n`);
  }
}

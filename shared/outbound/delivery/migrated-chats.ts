import { z } from "zod";
import type { Clock } from "../../clock.ts";
import { errorMessage } from "../../errors.ts";
import type { Log } from "../../logger.ts";
import { writeFileAtomic } from "../../storage/atomic-file.ts";
import { readJsonFile } from "../../storage/json-file.ts";

const schema = z.object({ version: z.literal(1), chats: z.record(z.string(), z.int()) });

/** Told of a group that has become a supergroup. Must not throw. */
export type OnMoved = (oldId: number, newId: number) => void;

/** Groups that have become supergroups, by their old id. Kept in a file: Telegram tells it once per message. */
export class MigratedChats {
  private readonly path: string;
  private readonly log: Log;
  private readonly chats: Map<string, number>;
  private readonly listeners: OnMoved[] = [];
  private saving: Promise<unknown> = Promise.resolve();
  private savedCount: number;

  private constructor(path: string, log: Log, chats: Readonly<Record<string, number>>) {
    this.path = path;
    this.log = log;
    this.chats = new Map(Object.entries(chats));
    this.savedCount = this.chats.size;
  }

  /** A broken file is set aside and logged. */
  static async open(path: string, clock: Clock, log: Log): Promise<MigratedChats> {
    const stored = await readJsonFile(path, schema, log, clock);
    return new MigratedChats(path, log, stored?.chats ?? {});
  }

  resolve(chatId: number | string): number | string {
    return this.chats.get(String(chatId)) ?? chatId;
  }

  /** The listener hears of every move: of those that are known at once, of others in the moment they become known. */
  follow(listener: OnMoved): void {
    this.listeners.push(listener);
    for (const [oldId, newId] of this.chats) listener(Number(oldId), newId);
  }

  /** Counts at once, and is saved soon. */
  remember(oldId: number | string, newId: number): void {
    if (this.chats.get(String(oldId)) === newId) return;
    this.chats.set(String(oldId), newId);
    this.log.info("A group has become a supergroup; its messages go there now.", { oldId, newId });
    for (const listener of this.listeners) listener(Number(oldId), newId);
    this.save().catch((error: unknown) => {
      this.log.warn("A group's new id cannot be saved; it is known until the restart.", {
        file: this.path,
        cause: errorMessage(error),
      });
    });
  }

  /** Resolves when all that is known is on the disk. @throws the system's error */
  async saved(): Promise<void> {
    await this.saving.catch(() => undefined);
    if (this.savedCount < this.chats.size) await this.save();
  }

  /** Resolves when everything is saved, or could not be. */
  async close(): Promise<void> {
    await this.saving.catch(() => undefined);
  }

  /** One write after the other: the last one has them all. */
  private save(): Promise<void> {
    const count = this.chats.size;
    const text = `${JSON.stringify({ version: 1, chats: Object.fromEntries(this.chats) })}\n`;
    const before = this.saving;
    const saving = (async () => {
      await before.catch(() => undefined);
      await writeFileAtomic(this.path, text);
      this.savedCount = count;
    })();
    this.saving = saving;
    return saving;
  }
}

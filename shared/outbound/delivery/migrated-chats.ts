import { z } from "zod";
import type { Clock } from "../../clock.ts";
import { errorMessage } from "../../errors.ts";
import type { Log } from "../../logger.ts";
import { writeFileAtomic } from "../../storage/atomic-file.ts";
import { readJsonFile } from "../../storage/json-file.ts";

const schema = z.object({ version: z.literal(1), chats: z.record(z.string(), z.int()) });

/** Groups that have become supergroups, by their old id. Kept in a file: Telegram tells it once per message. */
export class MigratedChats {
  private readonly path: string;
  private readonly log: Log;
  private readonly chats: Map<string, number>;
  private saving: Promise<void> = Promise.resolve();

  private constructor(path: string, log: Log, chats: Readonly<Record<string, number>>) {
    this.path = path;
    this.log = log;
    this.chats = new Map(Object.entries(chats));
  }

  /** A broken file is set aside and logged. */
  static async open(path: string, clock: Clock, log: Log): Promise<MigratedChats> {
    const stored = await readJsonFile(path, schema, log, clock);
    return new MigratedChats(path, log, stored?.chats ?? {});
  }

  resolve(chatId: number | string): number | string {
    return this.chats.get(String(chatId)) ?? chatId;
  }

  remember(oldId: number | string, newId: number): void {
    if (this.chats.get(String(oldId)) === newId) return;
    this.chats.set(String(oldId), newId);
    this.log.info("A group has become a supergroup; its messages go there now.", { oldId, newId });
    const text = `${JSON.stringify({ version: 1, chats: Object.fromEntries(this.chats) })}\n`;
    this.saving = this.saving
      .then(() => writeFileAtomic(this.path, text))
      .catch((error: unknown) => {
        this.log.warn("A group's new id cannot be saved; it is known until the restart.", {
          file: this.path,
          cause: errorMessage(error),
        });
      });
  }

  /** Resolves when everything is saved, or could not be. */
  close(): Promise<void> {
    return this.saving;
  }
}

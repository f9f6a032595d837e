import { PlacedFile } from "../../../../bots/main/chat/placed-file.ts";
import { TelegramChat } from "../../../../bots/main/chat/telegram-chat.ts";
import type { InlineKeyboardMarkup } from "../../../../shared/telegram/bot-api.ts";
import { MemoryStorage } from "../../../storage/memory-storage.ts";
import { type RecordingLog, recordingLog } from "../../../support/recording-log.ts";

export interface Shown {
  readonly id: number;
  text: string;
  buttons: readonly string[];
}

const never = new Promise<never>(() => undefined);

/** A chat and an outbox that outlive the lives of the bot, which end after so many steps on the way out. */
export class World {
  readonly messages = new Map<number, Shown>();
  disk = "";
  /** Whether Telegram lets messages be taken away. */
  canDelete = true;
  /** Whether its group has become a supergroup: what stands in the old one cannot be changed any more. */
  hasMoved = false;
  private readonly accepted = new Map<string, number>();
  private readonly edited = new Set<string>();

  /** @param steps after which the process is gone */
  async life(steps = Number.POSITIVE_INFINITY): Promise<Life> {
    const storage = new MemoryStorage(this.disk);
    const log = recordingLog();
    const stop = new AbortController();
    let left = steps;
    const step = async (): Promise<void> => {
      await Promise.resolve();
      left -= 1;
      if (left >= 0) return;
      await never;
    };
    /** What is written goes to the disk at once; what is written after the end does not. */
    const save = (): void => {
      if (left >= 0) this.disk = storage.text;
    };
    const append = storage.openForAppend.bind(storage);
    storage.openForAppend = async () => {
      const file = await append();
      save();
      return {
        ...file,
        append: async (bytes: Uint8Array) => {
          await step();
          await file.append(bytes);
          save();
        },
        truncate: (length: number) => file.truncate(length),
        sync: () => file.sync(),
        close: () => file.close(),
      };
    };
    const way = {
      log,
      signal: stop.signal,
      answerAt: async (
        _place: unknown,
        key: string,
        text: string,
        keyboard?: InlineKeyboardMarkup,
      ) => {
        await step();
        const id = this.accepted.get(key) ?? this.accepted.size + 1;
        if (!this.accepted.has(key)) this.messages.set(id, { id, text, buttons: labels(keyboard) });
        this.accepted.set(key, id);
        return { messageIds: step().then(() => [id]) };
      },
      editAt: async (
        _place: unknown,
        id: number,
        key: string,
        text: string,
        keyboard?: InlineKeyboardMarkup,
        _behalf?: unknown,
        ifGone?: "anew" | "leave",
      ) => {
        await step();
        if (this.edited.has(key)) return { messageIds: Promise.resolve([id]) };
        this.edited.add(key);
        if (this.hasMoved) {
          if (ifGone !== "leave") this.messages.set(-id, { id: -id, text, buttons: [] });
          return { messageIds: Promise.resolve(undefined) };
        }
        this.messages.set(id, { id, text, buttons: labels(keyboard) });
        return { messageIds: Promise.resolve([id]) };
      },
      deleteAt: async (_place: unknown, id: number) => {
        await step();
        if (!this.canDelete || this.hasMoved)
          return { state: "failed", reason: "too old", error: undefined };
        if (stop.signal.aborted) return { state: "dropped", reason: "closed" };
        this.messages.delete(id);
        return { state: "sent", result: true, messageIds: [] };
      },
    } as unknown as ConstructorParameters<typeof TelegramChat>[0];
    const file = await PlacedFile.open(storage, log);
    return { chat: new TelegramChat(way, 42, file), file, log, stop };
  }

  get shown(): readonly (readonly [text: string, ...buttons: string[]])[] {
    return [...this.messages.values()].map(({ text, buttons }) => [text, ...buttons] as const);
  }
}

export interface Life {
  readonly chat: TelegramChat;
  readonly file: PlacedFile;
  readonly log: RecordingLog;
  readonly stop: AbortController;
}

/** Lets everything happen that needs no time. */
export async function settle(): Promise<void> {
  for (let round = 0; round < 20; round += 1) await new Promise(setImmediate);
}

function labels(keyboard: InlineKeyboardMarkup | undefined): string[] {
  return (keyboard?.inline_keyboard ?? []).flat().map(({ text }) => text);
}

import { Seats } from "../../../../../bots/main/sessions/life/seats.ts";
import type { MessageOnItsWay, SessionPlace } from "../../../../../bots/main/sessions/ports.ts";
import type { Acceptance } from "../../../../../bots/main/sessions/queue/intake.ts";
import type { MessageLedger } from "../../../../../bots/main/sessions/queue/message-ledger.ts";
import { SessionJournal } from "../../../../../bots/main/sessions/queue/session-journal.ts";
import { SessionStore } from "../../../../../bots/main/sessions/record/session-store.ts";
import { recover, type Suspect } from "../../../../../bots/main/sessions/recovery/recover.ts";
import { Fence } from "../../../../../bots/main/sessions/scope/fence.ts";
import type { Session } from "../../../../../bots/main/sessions/session.ts";
import {
  type SessionLimits,
  type SessionParts,
  usualSessionLimits,
} from "../../../../../bots/main/sessions/session-parts.ts";
import { Sessions } from "../../../../../bots/main/sessions/sessions.ts";
import { MemoryStorage } from "../../../../storage/memory-storage.ts";
import { ManualClock } from "../../../../support/manual-clock.ts";
import { type RecordingLog, recordingLog } from "../../../../support/recording-log.ts";
import { seededRandom } from "../../../../support/seeded-random.ts";
import { FakeAgents } from "./fake-agents.ts";
import { FakeChat } from "./fake-chat.ts";
import { MemoryRecords } from "./memory-records.ts";

export const home: SessionPlace = { chatId: 7 };
export const minuteMs = 60_000;

/** One life of the bot's sessions, on a disk and in a chat that outlive it. */
export class Stage {
  readonly clock: ManualClock;
  readonly storage: MemoryStorage;
  readonly files: MemoryRecords;
  readonly chat: FakeChat;
  readonly agents: FakeAgents;
  readonly log: RecordingLog;
  readonly fence: Fence;
  readonly suspects: Suspect[] = [];
  /** Messages that no session has got yet. */
  onTheirWay: readonly MessageOnItsWay[] = [];
  readonly tools = { strays: 0, endStrays: async () => this.tools.strays };
  readonly seats: Seats;
  parts!: SessionParts;
  sessions!: Sessions;
  private updateId: number;

  private constructor(limit: number, earlier: Stage | undefined) {
    // Copies: whatever the earlier life still does, nobody sees it.
    this.clock = new ManualClock(earlier?.clock.now());
    this.storage = new MemoryStorage(earlier?.storage.text);
    this.files = new MemoryRecords(earlier?.files);
    this.chat = new FakeChat(earlier?.chat);
    this.log = recordingLog();
    this.agents = new FakeAgents(this.clock);
    this.fence = new Fence(this.clock);
    this.seats = new Seats(limit);
    this.updateId = earlier?.updateId ?? 1;
  }

  /** @param earlier the life before, killed or closed */
  static async open(
    options: {
      limit?: number;
      limits?: Partial<SessionLimits>;
      random?: () => number;
      earlier?: Stage;
      /** Called before anything is done with what the disk says. */
      onJournal?: (ledger: MessageLedger) => void;
    } = {},
  ): Promise<Stage> {
    const stage = new Stage(options.limit ?? 8, options.earlier);
    const { clock, log, chat, agents, fence, tools, seats } = stage;
    const closing = new AbortController();
    const store = await SessionStore.open(stage.files, clock, log);
    const journal = await SessionJournal.open({ storage: stage.storage, clock, log });
    options.onJournal?.(journal.messages);
    const random = options.random ?? seededRandom(1 + (options.earlier === undefined ? 0 : 1));
    stage.parts = {
      store,
      journal,
      fence,
      seats,
      agents,
      chat,
      tools,
      files: {
        readImage: async (_folder, path, mediaType) => ({ mediaType, base64: `image of ${path}` }),
      },
      commandLineOf: (pid) => `agent ${pid}`,
      onTheirWay: () => stage.onTheirWay.filter(({ id }) => !journal.messages.knows(id)),
      limits: { ...usualSessionLimits, ...options.limits },
      closing: closing.signal,
      clock,
      random,
      log,
    };
    stage.sessions = new Sessions(stage.parts, closing);
    await recover(stage.parts, stage.sessions, async (suspects) => {
      stage.suspects.push(...suspects);
      return suspects.length;
    });
    await stage.settle();
    return stage;
  }

  /** The same disk and chat after the end of this life, however it came. */
  restarted(limits?: Partial<SessionLimits>): Promise<Stage> {
    return Stage.open({ earlier: this, ...(limits === undefined ? {} : { limits }) });
  }

  create(name = "work", place = home): Promise<Session> {
    return this.sessions.create({ name, place });
  }

  async say(text: string, place = home): Promise<Acceptance | undefined> {
    const acceptance = await this.sessions.accept(this.message(text, place));
    await this.settle();
    return acceptance;
  }

  message(text: string, place = home) {
    const order = this.nextOrder();
    return { id: `42/${order}`, order, place, text };
  }

  /** As {@link message}, while the bot has it in hand. */
  onItsWay(text: string, more: Partial<MessageOnItsWay> = {}): MessageOnItsWay {
    const plain = { sent: undefined, hasFile: false, isForAnother: false };
    return { ...this.message(text), ...plain, ...more };
  }

  nextOrder(): number {
    this.updateId += 1;
    return this.updateId;
  }

  /** Lets everything happen that needs no time. */
  async settle(): Promise<void> {
    for (let round = 0; round < 5; round += 1) await this.clock.advance(0);
  }

  async pass(ms: number): Promise<void> {
    await this.clock.advance(ms);
    await this.settle();
  }
}

import type {
  GrowingAnswer,
  PresentState,
  Saying,
  SessionChat,
  SessionPlace,
  TurnEnding,
  TurnFace,
} from "../../../../../bots/main/sessions/ports.ts";
import { conversationKey } from "../../../../../bots/main/sessions/scope/conversation-key.ts";

export interface ShownTurn {
  readonly face: TurnFace;
  text: string;
  activity: string | undefined;
  ending: TurnEnding | undefined;
  isDiscarded: boolean;
  isLeft: boolean;
}

/** What people would see. Durable things are said once under a key, also over restarts. */
export class FakeChat implements SessionChat {
  readonly turns: ShownTurn[] = [];
  readonly said: { readonly place: string; readonly saying: Saying }[] = [];
  readonly gone: [message: number, how: string][] = [];
  readonly settledRequests: [request: string, state: string][] = [];
  readonly waiting: number[] = [];
  readonly over: [sessionId: string, what: string][] = [];
  /** What this life said is so, at its start. */
  present: PresentState | undefined;
  /** Endings by the key of their turn: the outbox sends each once. */
  readonly delivered = new Map<string, TurnEnding>();
  /** While it is set, everything durable fails with it. */
  trouble: Error | undefined;
  private readonly keys = new Set<string>();

  /** @param earlier what people and the outbox have seen of the life before */
  constructor(earlier?: FakeChat) {
    if (earlier === undefined) return;
    this.said.push(...earlier.said);
    this.settledRequests.push(...earlier.settledRequests);
    for (const [key, ending] of earlier.delivered) this.delivered.set(key, ending);
    for (const key of earlier.keys) this.keys.add(key);
  }

  grow(face: TurnFace, onShowing: () => void): GrowingAnswer {
    const shown: ShownTurn = {
      face,
      text: "",
      activity: undefined,
      ending: undefined,
      isDiscarded: false,
      isLeft: false,
    };
    this.turns.push(shown);
    return {
      update: (text, activity) => {
        onShowing();
        shown.text = text;
        shown.activity = activity;
      },
      finish: async (ending) => {
        await Promise.resolve();
        if (this.trouble !== undefined) throw this.trouble;
        shown.ending = ending;
        if (!this.delivered.has(face.key)) this.delivered.set(face.key, ending);
      },
      discard: () => {
        shown.isDiscarded = true;
      },
      leave: () => {
        shown.isLeft = true;
      },
    };
  }

  async say(place: SessionPlace, key: string, saying: Saying): Promise<void> {
    await Promise.resolve();
    if (this.trouble !== undefined) throw this.trouble;
    if (this.keys.has(key)) return;
    this.keys.add(key);
    this.said.push({ place: conversationKey(place), saying });
  }

  async waits(_place: SessionPlace, message: number): Promise<void> {
    this.waiting.push(message);
  }

  left(_place: SessionPlace, message: number, how: "taken" | "cancelled"): void {
    this.gone.push([message, how]);
  }

  settled(_place: SessionPlace, request: string, state: string): void {
    this.settledRequests.push([request, state]);
  }

  passed(sessionId: string, what: string): void {
    this.over.push([sessionId, what]);
  }

  recall(now: PresentState): void {
    this.present = now;
  }

  get kinds(): readonly string[] {
    return this.said.map(({ saying }) => saying.kind);
  }

  /** The outbox does not remember for ever what it said. */
  forgetKeys(): void {
    this.keys.clear();
  }

  /** Answers that were delivered, oldest first. */
  get answers(): readonly string[] {
    return [...this.delivered.values()].map(({ outcome, text }) => `${outcome}: ${text}`);
  }
}

import { expect } from "vitest";
import { seededRandom } from "../../../support/seeded-random.ts";
import { type Deeds, nowMs, type Restart } from "./deeds.ts";
import type { Forum, Room } from "./forum.ts";
import { StopAsked } from "./stop-asked.ts";

export interface MessageSent {
  readonly word: string;
  readonly room: Room;
  readonly order: number;
  readonly saidMs: number;
}

/** How agents behave when they are stopped, and how often each is asked for. */
const manners: readonly (readonly [manner: string, weight: number])[] = [
  ["plain", 10],
  ["late", 4],
  ["leaves", 4],
  ["breaks", 2],
  ["deaf", 1],
  ["stubborn", 0.4],
];
const durations = [0, 0, 200, 700, 2_000];
const longDurations = [700, 2_000, 4_000];
/** Only what goes wrong waits for so long. */
const patienceMs = 60_000;
const isStop = ({ data }: { readonly data: string }): boolean => /^s:\d+$/.test(data);
const wait = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** What one person does in the five topics of one supergroup; the same seed, the same wishes in the same order. */
export class Story {
  readonly sent: MessageSent[] = [];
  readonly stops: StopAsked[] = [];
  /** What was wished of turns that a restart had interrupted. */
  readonly decided = new Map<number, "resume" | "discard">();
  readonly steps: string[] = [];
  readonly forum: Forum;
  private readonly random: () => number;
  private readonly deeds: Deeds;
  private readonly restarts: readonly Restart[];
  private readonly startedMs = nowMs();
  private order = 0;

  constructor(seed: number, forum: Forum, deeds: Deeds, restarts: readonly Restart[]) {
    this.random = seededRandom(seed);
    this.forum = forum;
    this.deeds = deeds;
    this.restarts = restarts;
  }

  async play(steps: number): Promise<void> {
    for (let step = 0; step < steps; step += 1) {
      this.step();
      await this.pass(this.pick([0, 0, 50, 150, 400, 900]));
    }
  }

  /** Everything that is still at work is stopped, what a restart interrupted is decided, and each topic must work again. */
  async finish(): Promise<void> {
    await this.until(() => this.stops.every(({ isAnswered }) => isAnswered), 12_000);
    for (const stop of this.stops) {
      stop.cutBy(this.restarts);
      expect(stop.isAnswered, "a receipt for each stop").toBe(true);
    }
    for (let at = 0; at < 2; at += 1) {
      this.restore();
      await this.pass(this.pick([0, 50, 400, 1_500]));
    }
    const last = this.stop(undefined, undefined, this.pick(["/stop", "/stop_all"]));
    await this.until(() => last.receipt !== undefined, patienceMs);
    const inGeneral = JSON.stringify(this.forum.said(undefined));
    expect(last.receipt, `the receipt of the last stop; said ${inGeneral}`).toBeDefined();
    await this.restoreInPeace();
    this.decide(this.forum.rooms);
    const ends = this.forum.rooms.map((room) => this.message(room, "plain", 0));
    const isEnded = ({ word }: MessageSent): boolean => this.deeds.count("done", word) === 1;
    await this.until(() => ends.every(isEnded), patienceMs);
    expect(
      ends.filter((end) => !isEnded(end)).map(({ word }) => word),
      "every topic works again",
    ).toEqual([]);
  }

  private step(): void {
    const roll = this.random();
    const room = this.pick(this.forum.rooms);
    if (roll < 0.3) this.message(room, this.manner(), this.pick(durations));
    else if (roll < 0.5) this.rush(room);
    else if (roll < 0.7) this.stopIn(room);
    else if (roll < 0.86) this.restore();
    else this.decide(this.forum.rooms);
  }

  /** Several at once: all but the first have to wait. */
  private rush(room: Room): void {
    const count = this.pick([2, 3, 4]);
    this.message(room, this.manner(), this.pick(longDurations));
    for (let more = 1; more < count; more += 1)
      this.message(room, this.manner(), this.pick(durations));
  }

  /** Of two stops in one place nobody could tell whose receipt is whose. */
  private stopIn(room: Room): void {
    const roll = this.random();
    const saidIn = roll < 0.1 ? undefined : room;
    if (this.stops.some((stop) => stop.saidIn === saidIn && !stop.isAnswered)) return;
    if (roll < 0.1) this.stop(undefined, undefined, "/stop");
    else if (roll < 0.25) this.stop(undefined, room, "/stop_all");
    else if (roll < 0.45) this.pressStop(room);
    else this.stop(room, room, "/stop");
  }

  private message(room: Room, manner: string, ms: number): MessageSent {
    const order = this.next();
    const message = { word: `${room.id}w${order}`, room, order, saidMs: nowMs() };
    this.note(`${room.session}: ${manner} ${ms} ${message.word}`);
    this.sent.push(message);
    this.forum.say(`${manner} ${ms} ${message.word}`, room);
    return message;
  }

  private stop(room: Room | undefined, saidIn: Room | undefined, text: string): StopAsked {
    this.note(`${saidIn?.session ?? "General"}: ${text}`);
    const stop = new StopAsked(room, saidIn, this.next(), this.forum.lastMessage);
    this.stops.push(stop);
    this.forum.say(text, saidIn);
    return stop;
  }

  private pressStop(room: Room): void {
    const growing = this.forum.said(room).findLast(({ buttons }) => buttons.some(isStop));
    const data = growing?.buttons.find(isStop)?.data;
    if (growing === undefined || data === undefined) return;
    this.note(`${room.session}: presses Stop ${data}`);
    const stop = new StopAsked(room, room, this.next(), this.forum.lastMessage);
    this.stops.push(stop);
    stop.press = this.forum.press(growing, data);
  }

  /** Pressed again it does nothing. @returns what comes back */
  private restore(): readonly string[] {
    const open = this.stops.filter(({ cancelled }) => cancelled.length > 0);
    const fresh = open.filter(({ restoredMs }) => restoredMs === undefined);
    const stop = this.pick(fresh.length > 0 ? fresh : open);
    // Who is shown no button any more cannot press it.
    const shown = this.forum.said(stop?.saidIn).find(({ id }) => id === stop?.said?.id);
    if (stop === undefined || shown?.buttons[0]?.data !== `b:${stop.token}`) return [];
    this.note(`${stop.saidIn?.session ?? "General"}: restores ${stop.cancelled.join(", ")}`);
    const presses = this.random() < 0.5 ? 2 : 1;
    for (let press = 0; press < presses; press += 1) this.forum.press(shown, `b:${stop.token}`);
    if (stop.restoredMs !== undefined) return [];
    stop.restoredMs = nowMs();
    return stop.cancelled;
  }

  /** Nobody stops it any more: what comes back runs to its end by itself. */
  private async restoreInPeace(): Promise<void> {
    if (this.random() < 0.5) return;
    const words = this.restore();
    const isDone = (word: string): boolean => this.deeds.count("done", word) === 1;
    await this.until(() => words.every(isDone), patienceMs);
    expect(
      words.filter((word) => !isDone(word)),
      "restored, and does not run",
    ).toEqual([]);
  }

  /** What is to become of the turns there that a restart has interrupted. */
  private decide(rooms: readonly Room[]): void {
    for (const room of rooms) {
      for (const told of this.forum.said(room)) {
        for (const { data } of told.buttons.slice(0, 1)) {
          const turn = Number(/^i:(\d+):r$/.exec(data)?.[1]);
          if (Number.isNaN(turn) || this.decided.has(turn)) continue;
          const wish = this.random() < 0.5 ? "resume" : "discard";
          this.note(`${room.session}: ${wish} turn ${turn}`);
          this.decided.set(turn, wish);
          this.forum.press(told, `i:${turn}:${wish === "resume" ? "r" : "d"}`);
        }
      }
    }
  }

  private async pass(ms: number): Promise<void> {
    const untilMs = nowMs() + ms;
    await this.until(() => nowMs() >= untilMs, ms);
  }

  /** Looks at what is said meanwhile: a receipt is checked in the moment in which it is seen. */
  private async until(isSo: () => boolean, withinMs: number): Promise<void> {
    const giveUpMs = nowMs() + withinMs;
    for (;;) {
      for (const stop of this.stops) {
        if (stop.isAnswered) continue;
        const used = this.stops.map(({ said }) => said?.id);
        const said = this.forum.said(stop.saidIn).filter(({ id }) => !used.includes(id));
        if (stop.look(said, this.forum, this.deeds)) this.note(`seen: ${stop.said?.text ?? ""}`);
      }
      if (isSo() || nowMs() > giveUpMs) return;
      await wait(20);
    }
  }

  private manner(): string {
    let left = this.random() * manners.reduce((sum, [, weight]) => sum + weight, 0);
    return manners.find(([, weight]) => (left -= weight) < 0)?.[0] ?? "plain";
  }

  private next(): number {
    this.order += 1;
    return this.order;
  }

  private note(step: string): void {
    this.steps.push(`${((nowMs() - this.startedMs) / 1_000).toFixed(2)} ${step}`);
  }

  private pick<T>(list: readonly [T, ...T[]] | readonly T[]): T {
    return list[Math.floor(this.random() * list.length)] as T;
  }
}

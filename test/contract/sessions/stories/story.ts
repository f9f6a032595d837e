import { expect } from "vitest";
import { seededRandom } from "../../../support/seeded-random.ts";
import { type Deeds, nowMs } from "./deeds.ts";
import type { Forum, Room } from "./forum.ts";
import { StopAsked } from "./stop-asked.ts";

/** When the bot was being restarted. */
export interface Restart {
  readonly beganMs: number;
  readonly readyMs: number;
}

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
const durations = [0, 0, 200, 700, 2_000, 4_000];
/** Only what goes wrong waits for so long. */
const patienceMs = 60_000;
const wait = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** What one person does in the five topics of one supergroup; the same seed, the same wishes in the same order. */
export class Story {
  readonly sent: MessageSent[] = [];
  readonly stops: StopAsked[] = [];
  readonly resumed = new Map<Room, number>();
  readonly discarded = new Map<Room, number>();
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
    await this.until(() => this.stops.every(({ receipt }) => receipt !== undefined), 8_000);
    for (const { receipt, saidMs } of this.stops) {
      const wasCut = this.restarts.some(({ readyMs }) => readyMs > saidMs);
      expect(receipt !== undefined || wasCut, "a receipt for each stop").toBe(true);
    }
    const last = this.stop(undefined, undefined, this.pick(["/stop", "/stop_all"]));
    await this.until(() => last.receipt !== undefined, patienceMs);
    const inGeneral = JSON.stringify(this.forum.said(undefined));
    expect(last.receipt, `the receipt of the last stop; said ${inGeneral}`).toBeDefined();
    for (const room of this.forum.rooms) this.decideInterrupted(room);
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
    const mayStop = this.stops.every((stop) => stop.saidIn !== room || stop.receipt !== undefined);
    if (roll < 0.6 || !mayStop) this.message(room, this.manner(), this.pick(durations));
    else if (roll < 0.78) this.stop(room, room, "/stop");
    else if (roll < 0.82) this.pressStop(room);
    else if (roll < 0.88) this.stop(undefined, room, "/stop_all");
    else this.restore();
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
    const growing = this.forum
      .said(room)
      .findLast(({ buttons }) => buttons.some(({ data }) => data === "s"));
    if (growing === undefined) return;
    this.note(`${room.session}: presses Stop`);
    this.stops.push(new StopAsked(room, room, this.next(), this.forum.lastMessage));
    this.forum.press(growing, "s");
  }

  /** Pressed again it does nothing. */
  private restore(): void {
    const stop = this.pick(this.stops.filter(({ cancelled }) => cancelled.length > 0));
    if (stop?.said === undefined) return;
    const data = stop.said.buttons[0]?.data ?? "";
    this.note(`${stop.saidIn?.session ?? "General"}: restores ${stop.cancelled.join(", ")}`);
    stop.restoredAt ??= this.next();
    this.forum.press(stop.said, data);
    if (this.random() < 0.5) this.forum.press(stop.said, data);
  }

  private decideInterrupted(room: Room): void {
    for (const told of this.forum.said(room)) {
      const [resume, discard] = told.buttons.filter(({ data }) => data.startsWith("i:"));
      if (resume === undefined || discard === undefined) continue;
      const chosen = this.random() < 0.5 ? resume : discard;
      this.note(`${room.session}: ${chosen.text}`);
      const counted = chosen === resume ? this.resumed : this.discarded;
      counted.set(room, (counted.get(room) ?? 0) + 1);
      this.forum.press(told, chosen.data);
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
        if (stop.receipt !== undefined) continue;
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

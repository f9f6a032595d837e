import { expect } from "vitest";
import { isAlive } from "../../../support/proc.ts";
import type { Said } from "../session-bot.ts";
import { type Deeds, nowMs, type Restart } from "./deeds.ts";
import type { Forum, Room } from "./forum.ts";
import { cancelledUnder } from "./history.ts";
import { type Receipt, readReceipt } from "./receipt.ts";

/** An agent that is deaf to all but SIGKILL takes 7 s. */
const longestStopMs = 10_000;
const turnOver = "That turn is over.";

/** What a person asked to be stopped, and what the receipt claimed. */
export class StopAsked {
  /** Undefined: the whole chat. */
  readonly room: Room | undefined;
  /** Where it was said; undefined in General. */
  readonly saidIn: Room | undefined;
  readonly order: number;
  readonly saidMs = nowMs();
  /** The words of the messages that it cancelled, by its record on the disk. */
  cancelled: readonly string[] = [];
  /** Brings them back. */
  token: string | undefined;
  /** When its Restore button was pressed for the first time. */
  restoredMs: number | undefined;
  /** When its receipt was seen; what happened before that may have been before the stop acted. */
  seenMs = Number.POSITIVE_INFINITY;
  receipt: Receipt | undefined;
  /** Of a button: names the press. */
  press: string | undefined;
  /** Its button was for a turn that was over: nothing was stopped. */
  isMissed = false;
  /** The bot was killed while it was at it. */
  isCut = false;
  said: Said | undefined;
  private readonly after: number;

  constructor(room: Room | undefined, saidIn: Room | undefined, order: number, after: number) {
    this.room = room;
    this.saidIn = saidIn;
    this.order = order;
    this.after = after;
  }

  covers(room: Room): boolean {
    return this.room === undefined || this.room === room;
  }

  /** Whether a turn of the room may have ended by it: the receipt says so, or there is none. */
  mayHaveEnded(room: Room): boolean {
    if (!this.covers(room) || this.isMissed) return false;
    const line = this.receipt?.lines.find(({ session }) => session === room.session);
    return this.receipt === undefined || line?.how === "interrupted" || line?.how === "ended";
  }

  /** Whether nobody has to wait for a receipt any more. */
  get isAnswered(): boolean {
    return this.receipt !== undefined || this.isMissed || this.isCut;
  }

  /** Without a receipt by now it will have none, if a kill came soon after it. */
  cutBy(restarts: readonly Restart[]): void {
    if (this.isAnswered) return;
    const kill = restarts.find(
      ({ how, beganMs }) =>
        how === "kill" && beganMs > this.saidMs && beganMs - this.saidMs < longestStopMs,
    );
    if (kill === undefined) return;
    this.isCut = true;
    this.seenMs = kill.readyMs;
  }

  /** @returns whether its receipt is among what the bot has said in its place */
  look(said: readonly Said[], forum: Forum, deeds: Deeds): boolean {
    const later = said.filter(({ id }) => id > this.after);
    const alert = this.press === undefined ? undefined : forum.answerTo(this.press);
    const words = [alert ?? "", ...later.map(({ text }) => text)];
    this.isMissed = this.press !== undefined && words.some((each) => each.startsWith(turnOver));
    const found = later.find(({ text }) => readReceipt(text) !== undefined);
    if (this.isMissed || found === undefined) return false;
    const receipt = readReceipt(found.text);
    this.said = found;
    this.seenMs = nowMs();
    this.receipt = receipt;
    if (receipt !== undefined) this.check(receipt, found, forum, deeds);
    return true;
  }

  private check(receipt: Receipt, { text, buttons }: Said, forum: Forum, deeds: Deeds): void {
    const { seenMs } = this;
    const token = buttons.find(({ data }) => data.startsWith("b:"))?.data.slice(2);
    expect(token !== undefined, `a way back: ${text}`).toBe(receipt.cancelled > 0);
    this.token = token;
    this.cancelled = token === undefined ? [] : cancelledUnder(forum.stateDir, token);
    expect(this.cancelled, `cancelled, says "${text}"`).toHaveLength(receipt.cancelled);
    for (const line of receipt.lines) {
      const room = forum.rooms.find(({ session }) => session === line.session);
      if (room === undefined || !this.covers(room)) throw new Error(`out of scope: "${text}"`);
      expect(line.topic, "the topic that it names").toBe(
        this.room === undefined ? room.topic : undefined,
      );
      if (line.how !== "interrupted" && line.how !== "ended") continue;
      expect(line.tookMs, `took, says "${text}"`).toBeLessThan(seenMs - this.saidMs + 100);
      expect(line.isVerified, `verified, says "${text}"`).toBe(true);
      const earlier = deeds.of(room.id).filter(({ atMs }) => atMs < this.saidMs);
      const tools = earlier.flatMap(({ tool }) => tool ?? []);
      expect(tools.filter(isAlive), `tools that live on, says "${text}"`).toEqual([]);
      if (line.how === "ended") {
        const busy = earlier.filter(
          ({ did, word }) => did === "got" && deeds.count("done", word ?? "") === 0,
        );
        expect(
          busy.map(({ pid }) => pid).filter(isAlive),
          `agents that live on, says "${text}"`,
        ).toEqual([]);
      }
    }
  }
}

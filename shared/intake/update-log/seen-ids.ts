import type { Update } from "../../telegram/bot-api.ts";
import { payloadOf } from "../../telegram/conversation.ts";
import type { NewestIds } from "./segments/log-line.ts";

/** Telegram gives the next update a random id after "at least a week" of silence (Bot API, `Update`). */
const idsStartAnewAfterMs = 7 * 24 * 3_600_000;
/** Telegram keeps no unconfirmed update for longer than 24 hours (Bot API, `getUpdates`); doubled for wrong clocks. */
const redeliveredWithinMs = 48 * 3_600_000;
/** Telegram's queue holds at most 100,000 updates of a bot (tdlib, TQueue); doubled. No redelivery reaches further back. */
const redeliverySpan = 200_000;

/** A hundredth at a time: the way to the oldest entry of a map leads past all that were deleted lately. */
const forgetAtShare = 1.01;

/** `repeat`: it stands in the log already. `anew`: new, and Telegram's ids no longer continue the ones before. */
export type Verdict = "new" | "repeat" | "anew";

/** What is remembered of an update beside its id. */
interface Trace {
  readonly fingerprint: string;
  readonly atMs: number;
}

/**
 * Which update ids were taken, and the rule that tells a repeat from an update whose id is low for another reason.
 *
 * Telegram's ids ascend, gaps mean nothing to us, and a jump upwards is just new. A repeat is an id that we remember
 * (the newest `limit` ids, also after a restart), or a lower one that we may have forgotten: not further back than
 * Telegram's queue is long, while what we forgot last is younger than two days.
 *
 * Every other low id means that the ids started anew: after a week of silence, or because the token now talks to
 * another server (the cloud and a local Bot API server count on their own, and answer an offset from the future with
 * their oldest update). Then the update is taken and the offset follows it down; only raising the offset
 * would ask for the same updates for ever. The same goes for a remembered id under which another update comes.
 */
export class SeenIds {
  private readonly limit: number;
  private recent = new Map<number, Trace>();
  private base: SeenIds | undefined;
  /** Ids at or below it may have been taken although they are not remembered; nothing is forgotten at -Infinity. */
  private forgotten: { readonly id: number; readonly atMs: number } = nothingForgotten;
  private newestIds: NewestIds | undefined;

  /** @param limit how many ids are remembered */
  constructor(limit = 10_000) {
    this.limit = limit;
  }

  get newest(): NewestIds | undefined {
    return this.newestIds;
  }

  judge(update: Update, nowMs: number): Verdict {
    const newest = this.newestIds;
    const id = update.update_id;
    if (newest === undefined) return "new";
    if (this.isSilentSinceLong(nowMs)) return "anew";
    const trace = this.recent.get(id) ?? this.base?.recent.get(id);
    if (trace !== undefined) return trace.fingerprint === fingerprintOf(update) ? "repeat" : "anew";
    if (id > newest.top) return "new";
    const mayBeForgotten =
      id <= this.forgotten.id &&
      newest.top - id <= redeliverySpan &&
      nowMs - this.forgotten.atMs < redeliveredWithinMs;
    return mayBeForgotten ? "repeat" : "anew";
  }

  /** Nothing that Telegram may still hold can have an id of ours. */
  isSilentSinceLong(nowMs: number): boolean {
    const newest = this.newestIds;
    return newest !== undefined && nowMs - newest.receivedAtMs >= idsStartAnewAfterMs;
  }

  take(update: Update, atMs: number, anew: boolean): void {
    if (anew) {
      this.recent = new Map();
      this.base = undefined;
      this.forgotten = nothingForgotten;
    }
    this.recent.set(update.update_id, { fingerprint: fingerprintOf(update), atMs });
    this.newestIds = { top: update.update_id, receivedAtMs: atMs };
    if (this.recent.size > Math.floor(this.limit * forgetAtShare)) this.forgetOldest();
  }

  /** Before the first `take`: ids up to this one were taken and are not remembered. */
  startBehind(newest: NewestIds): void {
    this.newestIds = newest;
    this.forgotten = { id: newest.top, atMs: newest.receivedAtMs };
  }

  /** To judge one batch with: knows what this one knows, and what it takes itself goes no further. */
  draft(): SeenIds {
    const draft = new SeenIds(this.limit);
    draft.base = this;
    draft.forgotten = this.forgotten;
    draft.newestIds = this.newestIds;
    return draft;
  }

  private forgetOldest(): void {
    for (const [id, { atMs }] of this.recent) {
      if (this.recent.size <= this.limit) return;
      this.recent.delete(id);
      this.forgotten = { id: Math.max(this.forgotten.id, id), atMs };
    }
  }
}

const nothingForgotten = { id: Number.NEGATIVE_INFINITY, atMs: 0 };

/**
 * Tells two updates apart that came under one id: kind, message or query id, date. Telegram repeats an update as it
 * was, so different fingerprints are different updates.
 */
function fingerprintOf(update: Update): string {
  const [kind, payload] = payloadOf(update);
  const { message_id: message, id, date } = payload ?? {};
  return `${kind} ${String(message)} ${String(id)} ${String(date)}`;
}

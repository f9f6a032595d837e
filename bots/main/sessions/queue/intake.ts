import type { SessionPlace } from "../ports.ts";
import { Arrivals } from "../scope/arrivals.ts";
import { conversationKey } from "../scope/conversation-key.ts";
import { Overtaken } from "../scope/overtaken.ts";
import { PendingStops } from "../scope/pending-stops.ts";
import type { Session } from "../session.ts";
import type { SessionParts } from "../session-parts.ts";
import { burstsIn, isPiece } from "./burst.ts";
import type { Attachment, Sent } from "./journal-line.ts";
import type { StoredMessage } from "./message-ledger.ts";

export interface FetchedFiles {
  readonly attachments: readonly Attachment[];
  /** A sentence for each file that could not be taken. */
  readonly problems: readonly string[];
}

export interface IncomingMessage {
  /** `<bot id>/<update id>`: a repeat after a crash is known by it. */
  readonly id: string;
  /** Grows with each message of the bot: the update id. */
  readonly order: number;
  readonly place: SessionPlace;
  readonly text: string;
  /** Undefined: by itself. */
  readonly sent?: Sent;
  /** Fetches its files into the session's folder; broken off when the conversation is stopped. */
  readonly fetchFiles?: (folderId: string, signal: AbortSignal) => Promise<FetchedFiles>;
}

export type Acceptance =
  /**
   * `ahead`: turns before its own; `mustWait`: for a turn that runs, for a seat, or for a decision. `joins`: other pieces of
   * it wait already, and what was said of them is said of it, too.
   */
  | {
      readonly kind: "accepted";
      readonly message: StoredMessage;
      readonly session: Session;
      readonly ahead: number;
      readonly mustWait: boolean;
      readonly joins: boolean;
    }
  | { readonly kind: "repeated" }
  /** No words, and none of its files could be taken: there is nothing for an agent. */
  | { readonly kind: "empty" }
  /**
   * It was sent before a stop that ended something: cancelled with the rest. `counted`: its receipt tells of it; `late`: that was
   * written before it came; `lost`: the same, and its file was not there yet.
   */
  | { readonly kind: "stopped"; readonly how: "counted" | "late" | "lost" };

/** Of the last stop of a session: what comes late is brought back with the rest. */
interface LastStop {
  readonly token: string;
  readonly order: number;
  /** Its receipt has counted what it cancelled: what comes later is told by itself. */
  isTold: boolean;
}

interface Download {
  readonly order: number;
  readonly stop: AbortController;
  /** The stop that has broken it off. */
  token: string | undefined;
}

/** Takes messages into the queues of sessions; what was sent before a stop falls under it, wherever it is on its way. */
export class Intake {
  readonly arrivals = new Arrivals<Acceptance>();
  readonly pendingStops = new PendingStops();
  readonly overtaken: Overtaken;
  private readonly parts: SessionParts;
  private readonly lastStops = new Map<string, LastStop>();
  private readonly downloads = new Map<Download, Session>();

  constructor(parts: SessionParts) {
    this.parts = parts;
    this.overtaken = new Overtaken(parts);
  }

  /** @throws the system's error while the disk refuses; the message is then not ours */
  async accept(incoming: IncomingMessage, session: Session): Promise<Acceptance> {
    const { fence } = this.parts;
    const { place, order } = incoming;
    for (let stop = this.pendingStops.before(place, order); stop !== undefined; ) {
      await stop;
      stop = this.pendingStops.before(place, order);
    }
    const taken = this.overtaken.came(incoming.id);
    if (taken !== undefined && (await taken)) return { kind: "stopped", how: "counted" };
    // Its file need not be fetched again.
    if (this.parts.journal.isRepeat(incoming)) return { kind: "repeated" };
    if (fence.isStopped(conversationKey(place), order)) return this.takeStopped(incoming, session);
    const arrived = session.expect(incoming.sent);
    const arrival = this.bring(incoming, session).finally(arrived);
    this.arrivals.add(session, order, arrival);
    return arrival;
  }

  /** The session's conversation was stopped. @param token brings back what was cancelled */
  stopped(sessionId: string, token: string, order: number): void {
    // Two stops may be decided in another order than they were said.
    const latest = Math.max(order, this.lastStops.get(sessionId)?.order ?? order);
    this.lastStops.set(sessionId, { token, order: latest, isTold: false });
    for (const [download, { id }] of this.downloads) {
      const isMeant = id === sessionId && download.order < order;
      if (!isMeant || download.token !== undefined) continue;
      download.token = token;
      download.stop.abort(new Error("the conversation was stopped"));
    }
  }

  /** The receipt of a stop is written now; what comes late from here on is told by itself. */
  tells(token: string): void {
    for (const stop of this.lastStops.values()) if (stop.token === token) stop.isTold = true;
  }

  /** It fell under a stop before it came here: cancelled with the rest, so that it is brought back with the rest. */
  private async takeStopped(
    { id, text, sent, fetchFiles }: IncomingMessage,
    session: Session,
  ): Promise<Acceptance> {
    if (fetchFiles !== undefined) return this.lose(id, this.lastStops.get(session.id));
    let how: "counted" | "late" = "late";
    const message = await this.parts.journal.accept(
      { id, sessionId: session.id, text, attachments: [], sent },
      (stored) => {
        how = this.cancelLate(stored);
      },
    );
    return message === undefined ? { kind: "repeated" } : { kind: "stopped", how };
  }

  private async bring(incoming: IncomingMessage, session: Session): Promise<Acceptance> {
    const { fence, journal } = this.parts;
    const { id, place, order, text, sent } = incoming;
    const pass = fence.pass(conversationKey(place));
    // A stop that came to its turn late does not mean what was sent after it.
    const isStopped = (): boolean =>
      !fence.holds(pass) && order <= (this.lastStops.get(session.id)?.order ?? order);
    const files = await this.fetch(incoming, session);
    if ("token" in files) return this.lose(id, files);
    const { attachments, problems } = files;
    if (text === "" && attachments.length === 0) return { kind: "empty" };
    const words = [...(text === "" ? [] : [text]), ...problems.map((each) => `[${each}]`)];
    const turns = burstsIn([...session.waiting, { sent }]);
    const ahead = turns.length - 1;
    const joins = (turns.at(-1)?.length ?? 0) > 1;
    const mustWait = session.isBusy || session.isBlocked || ahead > 0;
    let isIn = true;
    let how: "counted" | "late" = "late";
    const message = await journal.accept(
      { id, sessionId: session.id, text: words.join("\n"), attachments, sent },
      (stored) => {
        isIn = session.record().status !== "archived" && !isStopped();
        if (isIn) session.arrived(isPiece(sent));
        else how = this.cancelLate(stored);
      },
    );
    if (message === undefined) return { kind: "repeated" };
    if (!isIn) return { kind: "stopped", how };
    return { kind: "accepted", message, session, ahead, mustWait, joins };
  }

  /** @returns the token of the stop that has broken it off */
  private async fetch(
    { order, fetchFiles }: IncomingMessage,
    session: Session,
  ): Promise<FetchedFiles | { readonly token: string }> {
    if (fetchFiles === undefined) return { attachments: [], problems: [] };
    const stop = new AbortController();
    const download: Download = { order, stop, token: undefined };
    this.downloads.set(download, session);
    try {
      return await fetchFiles(session.record().folder, stop.signal);
    } catch (error) {
      if (download.token === undefined) throw error;
      return { token: download.token };
    } finally {
      this.downloads.delete(download);
    }
  }

  /** Without its file it cannot be brought back. */
  private lose(
    id: string,
    stop: { readonly token: string; readonly isTold?: boolean } | undefined,
  ): Acceptance {
    const { journal, clock } = this.parts;
    if (stop === undefined || stop.isTold === true) {
      journal.note({ t: "seen", id, atMs: clock.now() });
      return { kind: "stopped", how: "lost" };
    }
    journal.note({ t: "lost", id, token: stop.token, atMs: clock.now() });
    return { kind: "stopped", how: "counted" };
  }

  private cancelLate({ seq, sessionId }: StoredMessage): "counted" | "late" {
    const { journal, clock } = this.parts;
    const stop = this.lastStops.get(sessionId);
    const line = {
      t: "cancelled" as const,
      seqs: [seq],
      why: "stopped" as const,
      atMs: clock.now(),
    };
    // More than the receipt says must not come back by its button.
    const isCounted = stop !== undefined && !stop.isTold;
    journal.note(isCounted ? { ...line, token: stop.token } : line);
    return isCounted ? "counted" : "late";
  }
}

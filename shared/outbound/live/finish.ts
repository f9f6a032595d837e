import type { Log } from "../../logger.ts";
import type { Cause, OutboundItem, Outcome, Place, Receipt } from "../queue/item.ts";
import {
  canGrow,
  deleteCall,
  finalCall,
  isSameMessage,
  type RenderedMessage,
  type SealedPart,
  type StandingMessage,
  standingOf,
} from "./live-message.ts";

export interface FinishParts {
  readonly outbox: { enqueue(item: OutboundItem): Receipt };
  readonly log: Log;
  readonly place: Place;
  readonly key: string;
  readonly cause: Cause | undefined;
  readonly ending: "send" | "edit";
  readonly messages: readonly RenderedMessage[];
  readonly sealed: readonly SealedPart[];
  /** The message that grew, when its last step has ended. */
  readonly growing: Promise<StandingMessage | undefined>;
  readonly hasButtons: boolean;
  /** Called when nothing that grew stands any more, or nobody will come back to it. */
  readonly onGone: () => void;
}

export interface FinishedText {
  /** Every final message is written down; from here on a crash loses nothing. Rejects where one could not be. */
  readonly accepted: Promise<void>;
  /** One per message, in order. Never rejects. */
  readonly outcomes: Promise<readonly Outcome[]>;
}

/**
 * Says the final text, each of its messages once: sealed ones that turned out otherwise are corrected, those to come are
 * sent, and what grew is taken away or becomes the first of them.
 */
export function finishLive(parts: FinishParts): FinishedText {
  const receipts = sayWhenReady(parts);
  const accepted = allAccepted(receipts);
  accepted.catch(() => undefined);
  const outcomes = allOutcomes(receipts);
  void tidyUp(parts, { accepted, outcomes });
  return { accepted, outcomes };
}

async function sayWhenReady(parts: FinishParts): Promise<Receipt[]> {
  return parts.ending === "edit" ? say(parts, await parts.growing) : say(parts);
}

async function allAccepted(receipts: Promise<Receipt[]>): Promise<void> {
  await Promise.all((await receipts).map((receipt) => receipt.accepted));
}

async function allOutcomes(receipts: Promise<Receipt[]>): Promise<Outcome[]> {
  return Promise.all((await receipts).map((receipt) => receipt.outcome));
}

/** @param becomes the message that grew, where it shall become the first one to come */
function say(parts: FinishParts, becomes?: StandingMessage): Receipt[] {
  const { outbox, place, key, messages, sealed } = parts;
  const behalf = behalfOf(parts);
  return messages.flatMap((message, index): Receipt[] => {
    const earlier = sealed[index];
    if (earlier !== undefined && canGrow(message)) {
      return [correct(parts, earlier, message, index)];
    }
    const answerId = earlier === undefined ? `${key}/${index}` : `${key}/${index}/corrected`;
    const call = finalCall(message, place, index === sealed.length ? becomes : undefined);
    return [outbox.enqueue({ kind: "answer", answerId, finalFor: key, ...behalf, ...call })];
  });
}

/** Text before a seal may change with what comes behind it (a fence that is closed, a table that grows). */
function correct(
  parts: FinishParts,
  sealed: SealedPart,
  message: RenderedMessage,
  index: number,
): Receipt {
  const { outbox, place, key } = parts;
  if (isSameMessage(sealed.message, message)) {
    return { accepted: Promise.resolve("accepted"), outcome: sealed.outcome };
  }
  const corrected = sealed.outcome.then((outcome) => {
    const call = finalCall(message, place, sealed.grown ?? standingOf(outcome, place));
    const answerId = `${key}/${index}/corrected`;
    return outbox.enqueue({ kind: "answer", answerId, ...behalfOf(parts), ...call });
  });
  return {
    accepted: corrected.then((receipt) => receipt.accepted),
    outcome: corrected.then((receipt) => receipt.outcome),
  };
}

function behalfOf({ cause }: FinishParts): { readonly cause?: Cause } {
  return cause === undefined ? {} : { cause };
}

/** Whether a message that was shown before stays, as the final message at its place. A document is always a new one. */
function stays(messages: readonly RenderedMessage[], index: number): boolean {
  const message = messages[index];
  return message !== undefined && canGrow(message);
}

/**
 * Takes away what grew, and sealed messages that the final text does not need, once all of the final text stands. Where a
 * part of it does not, what was shown is all that its reader has.
 */
async function tidyUp(parts: FinishParts, { accepted, outcomes }: FinishedText): Promise<void> {
  const { outbox, place, messages, sealed, growing, ending, onGone } = parts;
  const grown = await growing;
  const ends = await outcomes;
  if (ends.some(({ state }) => state !== "sent")) {
    // One that could not be written down is said again; one that is kept, the next life sends.
    const isOver = await accepted.then(
      () => ends.every(({ state }) => state !== "kept"),
      () => false,
    );
    if (!isOver) return;
    if (grown !== undefined && parts.hasButtons) takeButtons(parts, grown);
    onGone();
    return;
  }
  const becameFinal = ending === "edit" && stays(messages, sealed.length);
  const surplus = await Promise.all(
    sealed
      .filter((_, index) => !stays(messages, index))
      .map(async (part) => part.grown ?? standingOf(await part.outcome, place)),
  );
  const goes = [becameFinal ? undefined : grown, ...surplus].filter((each) => each !== undefined);
  const gone = goes.map((standing) => {
    const call = { place: standing.place, ...deleteCall(standing) };
    return outbox.enqueue({ kind: "deletion", ...call }).outcome;
  });
  if ((await Promise.all(gone)).every(({ state }) => state !== "dropped")) onGone();
}

/** It stays as it is, and nothing can be stopped by it any more. */
function takeButtons({ outbox }: FinishParts, { place, id }: StandingMessage): void {
  const params = { chat_id: place.chatId, message_id: id };
  outbox.enqueue({ kind: "call", method: "editMessageReplyMarkup", params });
}

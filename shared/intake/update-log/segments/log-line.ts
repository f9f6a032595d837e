import { errorMessage } from "../../../errors.ts";
import { type Fields, isFields, isWholeNumber } from "../../../fields.ts";
import type { Update } from "../../../telegram/bot-api.ts";
import type { JournalRecord } from "../journal.ts";

/**
 * First line of every segment, and the first line that each writer adds: from here on the log belongs to `epoch`, and
 * what an older writer may still add behind it does not count. It repeats what the writer knows about update ids, so
 * that this outlives the segments before it.
 */
export interface TenureMark {
  readonly epoch: number;
  readonly botId: number;
  readonly atMs: number;
  readonly ids: NewestIds | undefined;
}

export interface NewestIds {
  /** Highest update id taken since ids last started anew. */
  readonly top: number;
  readonly receivedAtMs: number;
}

/** A record as a writer reads it back: with the mark that Telegram's ids started anew here. */
export interface LoggedRecord extends JournalRecord {
  readonly anew: boolean;
}

export type LogLine =
  | { readonly kind: "record"; readonly record: LoggedRecord }
  | { readonly kind: "mark"; readonly mark: TenureMark }
  | { readonly kind: "damaged"; readonly why: string };

/** Version of the lines. A line of another version is damaged to us: set aside, never guessed at. */
const version = 1;

export function encodeRecord(record: LoggedRecord): string {
  return `${JSON.stringify({
    v: version,
    seq: record.seq,
    epoch: record.epoch,
    at: record.receivedAtMs,
    id: record.updateId,
    ...(record.anew ? { anew: true } : {}),
    key: record.key,
    part: record.part,
    update: record.update,
  })}\n`;
}

export function encodeMark(mark: TenureMark): string {
  return `${JSON.stringify({
    v: version,
    epoch: mark.epoch,
    at: mark.atMs,
    bot: mark.botId,
    ...(mark.ids === undefined ? {} : { top: mark.ids.top, topAt: mark.ids.receivedAtMs }),
  })}\n`;
}

const beginningOfRecord = /^\{"v":1,"seq":(\d{1,16}),"epoch":(\d{1,16}),/;

/** Position and epoch of a line that begins like a record, without reading the rest; undefined for any other line. */
export function peekRecord(text: string): { seq: number; epoch: number } | undefined {
  const match = beginningOfRecord.exec(text);
  return match === null ? undefined : { seq: Number(match[1]), epoch: Number(match[2]) };
}

/** @param text one line without its end */
export function decodeLine(text: string): LogLine {
  let line: unknown;
  try {
    line = JSON.parse(text);
  } catch (error) {
    return { kind: "damaged", why: `not JSON: ${errorMessage(error).slice(0, 80)}` };
  }
  if (!isFields(line)) return { kind: "damaged", why: "not an object" };
  if (line["v"] !== version) return { kind: "damaged", why: "of an unknown version" };
  return "seq" in line ? decodeRecord(line) : decodeMark(line);
}

function decodeRecord(fields: Fields): LogLine {
  const { seq, epoch, at, id, key, part, update } = fields;
  if (
    !isWholeNumber(seq) ||
    !isWholeNumber(epoch) ||
    !isWholeNumber(at) ||
    !isWholeNumber(id) ||
    !isWholeNumber(part)
  ) {
    return { kind: "damaged", why: "a number is missing" };
  }
  if (typeof key !== "string" || !isUpdate(update, id)) {
    return { kind: "damaged", why: "the update or its conversation is missing" };
  }
  return {
    kind: "record",
    record: {
      seq,
      epoch,
      receivedAtMs: at,
      updateId: id,
      key,
      part,
      update,
      anew: fields["anew"] === true,
    },
  };
}

function decodeMark(fields: Fields): LogLine {
  const { epoch, at, bot, top, topAt } = fields;
  if (!isWholeNumber(epoch) || !isWholeNumber(at) || !isWholeNumber(bot)) {
    return { kind: "damaged", why: "neither a record nor the mark of a tenure" };
  }
  const ids = isWholeNumber(top) && isWholeNumber(topAt) ? { top, receivedAtMs: topAt } : undefined;
  return { kind: "mark", mark: { epoch, botId: bot, atMs: at, ids } };
}

/** Whatever else Telegram put into it is for the handlers to look at. */
function isUpdate(value: unknown, id: number): value is Update {
  return isFields(value) && value["update_id"] === id;
}

import type { InlineKeyboardMarkup } from "../../../shared/telegram/bot-api.ts";

/** What a button of ours asks for. */
export type Press =
  /** Undefined: whatever runs there. */
  | { readonly kind: "stop"; readonly turn: number | undefined }
  | { readonly kind: "restore"; readonly token: string }
  | { readonly kind: "cancel"; readonly seq: number }
  | { readonly kind: "choose"; readonly session: string }
  | { readonly kind: "resume"; readonly session: string; readonly wish: "retry" | "fresh" }
  | { readonly kind: "interrupted"; readonly turn: number; readonly wish: "resume" | "discard" }
  | { readonly kind: "permission"; readonly request: string; readonly isAllowed: boolean }
  /** `option` undefined: what was chosen of several is complete. */
  | {
      readonly kind: "question";
      readonly request: string;
      readonly question: number;
      readonly option: number | undefined;
    };

/** A button: what it says, and what it asks for. */
export type Button = readonly [label: string, press: Press];

/** Telegram allows 64 bytes. Stored in chats for ever: an old button must still be understood. */
export function encodePress(press: Press): string {
  if (press.kind === "stop") return press.turn === undefined ? "s" : `s:${press.turn}`;
  if (press.kind === "restore") return `b:${press.token}`;
  if (press.kind === "cancel") return `x:${press.seq}`;
  if (press.kind === "choose") return `c:${press.session}`;
  if (press.kind === "resume") return `r:${press.session}:${press.wish === "retry" ? "r" : "f"}`;
  if (press.kind === "interrupted") {
    return `i:${press.turn}:${press.wish === "resume" ? "r" : "d"}`;
  }
  if (press.kind === "permission") return `p:${press.request}:${press.isAllowed ? "a" : "d"}`;
  return `q:${press.request}:${press.question}:${press.option ?? "k"}`;
}

/** @returns undefined for what is none of our buttons */
export function decodePress(data: string): Press | undefined {
  const [kind, ...rest] = data.split(":");
  const [first = "", second = "", third = ""] = rest;
  if (rest.some((part) => !/^[a-z0-9]{1,40}$/.test(part))) return undefined;
  switch (`${kind}${rest.length}`) {
    case "s0":
      return { kind: "stop", turn: undefined };
    case "s1":
      return isNumber(first) ? { kind: "stop", turn: Number(first) } : undefined;
    case "b1":
      return { kind: "restore", token: first };
    case "x1":
      return isNumber(first) ? { kind: "cancel", seq: Number(first) } : undefined;
    case "c1":
      return { kind: "choose", session: first };
    case "r2":
      return { kind: "resume", session: first, wish: second === "f" ? "fresh" : "retry" };
    case "i2":
      if (!isNumber(first)) return undefined;
      return {
        kind: "interrupted",
        turn: Number(first),
        wish: second === "r" ? "resume" : "discard",
      };
    case "p2":
      return { kind: "permission", request: first, isAllowed: second === "a" };
    case "q3":
      if (!isNumber(second) || !(isNumber(third) || third === "k")) return undefined;
      return {
        kind: "question",
        request: first,
        question: Number(second),
        option: third === "k" ? undefined : Number(third),
      };
    default:
      return undefined;
  }
}

export function keyboard(...rows: readonly (readonly Button[])[]): InlineKeyboardMarkup {
  return {
    inline_keyboard: rows.map((row) =>
      row.map(([text, press]) => ({ text, callback_data: encodePress(press) })),
    ),
  };
}

function isNumber(text: string): boolean {
  return /^\d{1,15}$/.test(text);
}

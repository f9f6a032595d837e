import { DraftSupport } from "../../../shared/outbound/live/draft-support.ts";
import type { RenderPort } from "../../../shared/outbound/live/live-message.ts";
import { LiveText, type LiveTextStart } from "../../../shared/outbound/live/live-text.ts";
import type { Stage } from "./stage.ts";

/** Messages of ten characters. */
const render: RenderPort = (markdown) =>
  (markdown.match(/.{1,10}/gs) ?? []).map((text) => ({ method: "sendMessage", params: { text } }));

/** A text that grows, in a group unless told otherwise. */
export function live(
  stage: Stage,
  start: Partial<LiveTextStart> = {},
  drafts = new DraftSupport(),
): LiveText {
  const { outbox, clock, log } = stage;
  return new LiveText(
    { outbox, render, drafts, clock, random: () => 0.5, log },
    { place: { chatId: -5 }, key: "s/1", ...start },
  );
}

/** Everything that was shown, without the typing. */
export function shown(stage: Stage): string[] {
  return stage.telegram.calls
    .filter(({ method }) => method !== "sendChatAction")
    .map(({ method, params: { text, message_id: id } }) =>
      JSON.stringify([method, id, text].filter((part) => part !== undefined))
        .slice(1, -1)
        .replaceAll(/"|(,)/g, (_, comma) => (comma === undefined ? "" : " ")),
    );
}

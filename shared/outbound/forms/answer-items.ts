import {
  finalCall,
  type LiveStanding,
  type RenderedMessage,
  type RenderPort,
} from "../live/live-message.ts";
import type { Answer, Cause, Place } from "../queue/item.ts";
import { storedFile } from "../queue/stored-file.ts";
import type { Form } from "./choose-form.ts";
import {
  type AnswerSettings,
  type PreparedAnswer,
  plainParts,
  prepareAnswer,
} from "./prepare-answer.ts";
import { withRoomForMark } from "./room-for-mark.ts";

export interface AnswerPlan {
  /** Each item is sent once under it and its own number, also over restarts. */
  readonly answerId?: string;
  /** Key of the progress that ends with this answer. */
  readonly finalFor?: string;
  /** Stands under the last message, in whatever form that goes. */
  readonly replyMarkup?: unknown;
  /** What stands of it: full messages are not said again (the last one always is), the growing one turns into the next. */
  readonly grown?: LiveStanding | undefined;
  readonly cause?: Cause;
  /** See `AnswerCall`; of the growing message. */
  readonly isOnlyInPlace?: boolean;
}

/**
 * A Markdown answer as items for the outbox, to be enqueued in this order: in the form that suits it, each with its
 * simpler form for a refusal. None for a text that shows nothing.
 */
export function answerItems(
  markdown: string,
  settings: AnswerSettings,
  place: Place,
  { answerId, finalFor, replyMarkup, grown, cause, isOnlyInPlace }: AnswerPlan = {},
): readonly Answer[] {
  const rendered = render(markdown, settings);
  const whole = replyMarkup === undefined ? rendered : withMarkup(rendered, replyMarkup);
  const messages = whole.slice(Math.min(grown?.sealed ?? 0, whole.length - 1));
  return messages.map((message, index) => ({
    kind: "answer",
    ...(answerId === undefined ? {} : { answerId: `${answerId}/${index}` }),
    ...(finalFor === undefined ? {} : { finalFor }),
    ...(cause === undefined ? {} : { cause }),
    ...(isOnlyInPlace === true && index === 0 ? { isOnlyInPlace } : {}),
    ...finalCall(message, place, index === 0 ? grown?.growing : undefined),
  }));
}

function withMarkup(
  messages: readonly RenderedMessage[],
  markup: unknown,
): readonly RenderedMessage[] {
  return messages.map((message, index) => {
    if (index < messages.length - 1) return message;
    const { method, params, instead } = message;
    const simpler = instead && { instead: () => withMarkup(instead(), markup) };
    return { method, params: { ...params, reply_markup: markup }, ...simpler };
  });
}

/** The same messages for a text that grows. The settings are read anew each time: a chat may turn rich off meanwhile. */
export function renderPort(settings: AnswerSettings): RenderPort {
  return (markdown) => render(markdown, settings);
}

function render(
  markdown: string,
  settings: AnswerSettings,
  form?: Form,
): readonly RenderedMessage[] {
  const split = withRoomForMark(settings.split);
  const prepared = prepareAnswer(markdown, { ...settings, split }, form);
  if (prepared.form === "rich") {
    const params = { rich_message: prepared.richMessage };
    const instead = (): readonly RenderedMessage[] => render(markdown, settings, "classic");
    return [{ method: "sendRichMessage", params, instead }];
  }
  if (prepared.kind === "document") return [documentOf(prepared)];
  return prepared.parts.map((part) => {
    if (part.entities.length === 0) return { method: "sendMessage", params: { text: part.text } };
    const { text, entities } = part;
    const instead = (): readonly RenderedMessage[] =>
      plainParts(part, split).map((plain) => ({
        method: "sendMessage",
        params: { text: plain.text },
      }));
    return { method: "sendMessage", params: { text, entities }, instead };
  });
}

/** Where its caption is refused the outbox sends that without its entities; the whole text is in the file. */
function documentOf({
  file: { name, content },
  preview: { text, entities },
}: Extract<PreparedAnswer, { kind: "document" }>): RenderedMessage {
  const document = storedFile(name, Buffer.from(content), "text/markdown");
  return {
    method: "sendDocument",
    params: { document, caption: text, caption_entities: entities },
  };
}

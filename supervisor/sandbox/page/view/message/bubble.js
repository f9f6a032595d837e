import { mediaOf, nameOf, preview, serviceText } from "../../model/conversations.js";
import { safeAddress } from "../../model/entities.js";
import { inlineRows } from "../../model/markup.js";
import { clockTime } from "../../model/time.js";
import { avatar } from "../avatar.js";
import { element, icon } from "../dom.js";
import { media } from "./media.js";
import { richBlocks } from "./rich-blocks.js";
import { richText } from "./rich-text.js";

/** A message that nobody wrote, or the line between two days. */
export function pill(text, kind) {
  return element("div", { class: `pill ${kind}` }, element("span", {}, text));
}

function quote(message, { actions, colour }) {
  const quoted = message.reply_to_message;
  // Telegram hangs the beginning of the topic on every message of the topic: that is no reply.
  if (!quoted || (message.is_topic_message && quoted.message_id === message.message_thread_id))
    return undefined;
  return element(
    "button",
    {
      type: "button",
      class: "quote",
      "data-colour": colour(quoted.from?.id ?? 0),
      onclick: () => actions.show(quoted.message_id),
    },
    element("span", { class: "quote-name" }, nameOf(quoted.from)),
    element("span", { class: "quote-text" }, preview(quoted)),
  );
}

function inlineButton(button, message, context) {
  if (button.url) {
    const address = safeAddress(button.url);
    return address
      ? element(
          "a",
          { class: "inline-button", href: address, target: "_blank", rel: "noreferrer noopener" },
          button.text,
          icon("outward"),
        )
      : element("span", { class: "inline-button" }, button.text);
  }
  if (button.callback_data === undefined) {
    const why = "The sandbox cannot do what this button does";
    return element(
      "button",
      { type: "button", class: "inline-button", disabled: true, title: why },
      button.text,
    );
  }
  const waits = context.waiting.includes(button.callback_data);
  return element(
    "button",
    {
      type: "button",
      class: waits ? "inline-button waiting" : "inline-button",
      "aria-busy": waits ? "true" : undefined,
      title: waits ? "The bot has not answered this press yet" : undefined,
      onclick: () => context.actions.press(message, button.callback_data),
    },
    button.text,
  );
}

function inlineKeyboard(message, context) {
  const rows = inlineRows(message);
  if (rows.length === 0) return undefined;
  return element(
    "div",
    { class: "inline-keyboard", role: "group", "aria-label": "Buttons of this message" },
    ...rows.map((row) =>
      element(
        "div",
        { class: "inline-row" },
        ...row.map((button) => inlineButton(button, message, context)),
      ),
    ),
  );
}

function words(message, actions) {
  if (message.rich_message)
    return element(
      "div",
      { class: "content rich", dir: "auto" },
      ...richBlocks(message.rich_message.blocks, actions),
    );
  const text = message.text ?? message.caption ?? "";
  const kind = message.photo || message.document ? undefined : mediaOf(message);
  if (text === "" && kind === undefined) return undefined;
  return element(
    "div",
    { class: "content", dir: "auto" },
    kind && element("span", { class: "attachment" }, icon("clip"), kind),
    ...richText(text, message.entities ?? message.caption_entities, actions.say),
  );
}

/** Words and media, in the order that the message asks for. */
function content(album, actions) {
  const said = album.map((message) => words(message, actions));
  const shown = media(album);
  return album.some((message) => message.show_caption_above_media)
    ? [...said, shown]
    : [shown, ...said];
}

function meta(message) {
  const at = message.date * 1000;
  // As `tg-supervisor explain` takes it.
  const place = `${message.chat.id}/${message.message_id}`;
  const full = `${new Date(at).toLocaleString("en-GB")}, message ${place}`;
  return element(
    "span",
    { class: "meta" },
    message.edit_date !== undefined && element("span", { class: "edited" }, "edited "),
    element("time", { dateTime: new Date(at).toISOString(), title: full }, clockTime(at)),
  );
}

const partsThatAct = "a, button, summary, pre, input";

/** A click on a message replies to it, unless it was meant for something in it or selects text. */
function meansReply(event) {
  return !event.target.closest(partsThatAct) && String(getSelection()) === "";
}

/**
 * One message as a bubble, or all messages of an album.
 *
 * @param {readonly object[]} album
 * @param {{ mine: boolean, first: boolean, last: boolean, named: boolean, actions: object,
 *   colour: (id: number) => number,
 *   waiting: readonly string[] }} context first and last of a run by one speaker; named where several can speak;
 *   waiting: the data of its buttons that no bot has answered yet
 */
export function bubble(album, context) {
  const [message] = album;
  const service = serviceText(message);
  if (service) return pill(service, "service");
  const { mine, first, last, named, actions, colour } = context;
  const from = message.from;
  const name = nameOf(from);
  const replies = element(
    "button",
    {
      type: "button",
      class: "icon-button small reply-button",
      tabIndex: -1,
      title: "Reply",
      "aria-label": `Reply to ${name}`,
      onclick: () => actions.reply(message),
    },
    icon("reply"),
  );
  const wide = message.rich_message && "wide";
  const kinds = ["message", mine && "mine", first && "first", last && "last", wide];
  return element(
    "article",
    {
      class: kinds.filter(Boolean).join(" "),
      "data-message": message.message_id,
      "aria-label": mine ? "You" : name,
    },
    named && !mine && (last ? avatar(colour(from?.id ?? 0), name, { small: true }) : gap()),
    element(
      "div",
      { class: "stack" },
      element(
        "div",
        { class: "bubble", onclick: (event) => meansReply(event) && actions.reply(message) },
        named &&
          !mine &&
          first &&
          element(
            "div",
            { class: "speaker", "data-colour": colour(from?.id ?? 0) },
            name,
            from?.is_bot && element("span", { class: "tag" }, "bot"),
          ),
        quote(message, context),
        ...content(album, actions),
        meta(message),
      ),
      inlineKeyboard(message, context),
    ),
    replies,
  );
}

const gap = () => element("span", { class: "avatar-gap" });

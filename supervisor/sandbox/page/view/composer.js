import { belongsTo } from "../model/calls.js";
import {
  botName,
  botsOf,
  inTopic,
  keyOf,
  nameOf,
  preview,
  speakerOf,
  topicIn,
  usersOf,
} from "../model/conversations.js";
import { quickKeys, suggestions } from "../model/markup.js";
import { openConversation, selectedChat } from "../model/store.js";
import { createAttachments } from "./attachments.js";
import { byId, element } from "./dom.js";

const tallest = 180;
const growsByItself = CSS.supports("field-sizing", "content");

/**
 * Where the reader types, with what may help: suggested commands, quick keys, whom the message answers, who speaks.
 *
 * @param {object} model
 * @param {{ send: (text: string, details: object) => void }} actions the details: `from`, `replyTo`, `files`, `asFiles`
 */
export function createComposer(model, actions) {
  const field = byId("composer-text");
  const list = byId("suggestions");
  const speaker = byId("speaker");
  const attachments = createAttachments(() => grow());
  const drafts = new Map();
  let replying;
  let offered = [];
  let chosen = 0;
  let shownKey;

  const messagesHere = () => {
    const chat = selectedChat(model);
    return chat ? inTopic(model.messages.get(chat.id) ?? [], model.selected.topic) : [];
  };

  function grow() {
    // Chromium lets the style sheet do it (field-sizing).
    if (!growsByItself) {
      field.style.height = "auto";
      field.style.height = `${Math.min(field.scrollHeight, tallest)}px`;
    }
    byId("send").disabled = field.value.trim() === "" && attachments.count() === 0;
  }

  function write(text) {
    field.value = text;
    grow();
    offer();
  }

  function offer() {
    const chat = selectedChat(model);
    const bots = chat
      ? botsOf(model, chat).map((bot) => ({
          name: botName(bot),
          username: bot.username,
          commands: bot.commands ?? model.commands.get(bot.id),
        }))
      : [];
    offered = suggestions(field.value, bots);
    chosen = 0;
    renderOffered();
  }

  function renderOffered() {
    list.hidden = offered.length === 0;
    list.replaceChildren(
      ...offered.map(({ text, description, bot }, index) =>
        element(
          "li",
          {
            id: `suggestion-${index}`,
            role: "option",
            "aria-selected": String(index === chosen),
            onmousedown: (event) => {
              event.preventDefault();
              send(text);
            },
          },
          element("span", { class: "suggestion-command" }, text),
          element("span", { class: "suggestion-text" }, description),
          text.includes("@") && element("span", { class: "tag" }, bot),
        ),
      ),
    );
    if (offered.length > 0) {
      field.setAttribute("aria-activedescendant", `suggestion-${chosen}`);
      list.children[chosen].scrollIntoView({ block: "nearest" });
    } else field.removeAttribute("aria-activedescendant");
  }

  /** The user who speaks: the one chosen, where there is a choice. */
  const speaking = () => Number(speaker.value) || undefined;

  function send(text = field.value) {
    const chat = selectedChat(model);
    if (!chat || field.disabled || (text.trim() === "" && attachments.count() === 0)) return;
    const details = { from: speaking(), replyTo: replying?.message_id, ...attachments.take() };
    actions.send(text.trim(), details);
    write("");
    reply(undefined);
    field.focus();
  }

  /** Makes the next message an answer to this one; undefined makes it an answer to none. */
  function reply(message) {
    replying = message;
    byId("reply-bar").hidden = !message;
    if (!message) return;
    byId("reply-name").textContent = `Reply to ${nameOf(message.from)}`;
    byId("reply-text").textContent = preview(message);
    field.focus();
  }

  /** With nothing typed the arrow keys walk through the messages to answer. */
  function walk(step) {
    const written = messagesHere().filter((message) => message.text !== undefined);
    const at = replying
      ? written.findIndex(({ message_id }) => message_id === replying.message_id)
      : written.length;
    reply(written[Math.max(at + step, 0)]);
  }

  function renderSpeakers(chat) {
    const users = usersOf(model, chat);
    byId("speaker-choice").hidden = users.length < 2;
    const wanted = users.map(({ id }) => id).join();
    if (speaker.dataset.users === `${chat.id}/${wanted}`) return;
    speaker.dataset.users = `${chat.id}/${wanted}`;
    speaker.replaceChildren(
      ...users.map((user) =>
        element("option", { value: String(user.id) }, user.id === model.me ? "you" : nameOf(user)),
      ),
    );
    speaker.value = String(speakerOf(model, chat));
  }

  function renderKeys() {
    const calls = model.calls.filter((call) => belongsTo(call, openConversation(model)));
    const said = messagesHere().filter(({ from }) => from?.is_bot === false);
    const { rows, placeholder } = quickKeys(calls, said);
    const keys = byId("quick-keys");
    const signature = JSON.stringify(rows);
    if (!field.disabled) field.placeholder = placeholder ?? "Write a message";
    if (keys.dataset.signature === signature) return;
    keys.dataset.signature = signature;
    keys.hidden = rows.length === 0;
    keys.replaceChildren(
      ...rows.map((row) =>
        element(
          "div",
          { class: "inline-row" },
          ...row.map((text) =>
            element(
              "button",
              { type: "button", class: "quick-key", onclick: () => send(text) },
              text,
            ),
          ),
        ),
      ),
    );
  }

  function render() {
    const chat = selectedChat(model);
    if (!chat) {
      shownKey = undefined;
      return;
    }
    const key = keyOf(chat.id, model.selected.topic);
    if (key !== shownKey) {
      if (shownKey) drafts.set(shownKey, field.value);
      shownKey = key;
      reply(undefined);
      write(drafts.get(key) ?? "");
    }
    const closed = topicIn(chat, model.selected.topic)?.closed === true;
    field.disabled = closed;
    attachments.allow(!closed);
    if (closed) field.placeholder = "This topic is closed";
    renderSpeakers(chat);
    renderKeys();
  }

  /** @returns {boolean} whether there was something to close */
  function close() {
    if (offered.length > 0) {
      offered = [];
      renderOffered();
      return true;
    }
    if (!replying) return false;
    reply(undefined);
    return true;
  }

  function keydown(event) {
    if (event.isComposing) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && !event.altKey && offered.length > 0) {
      event.preventDefault();
      chosen = (chosen + step + offered.length) % offered.length;
      renderOffered();
    } else if (step && !event.altKey && field.value === "") {
      event.preventDefault();
      walk(step);
    } else if (event.key === "Tab" && offered.length > 0 && !event.shiftKey) {
      event.preventDefault();
      write(`${offered[chosen].text} `);
    } else if (event.key === "Enter" && !event.shiftKey) {
      event.preventDefault();
      send(offered[chosen]?.text);
    }
  }

  field.addEventListener("keydown", keydown);
  field.addEventListener("input", () => {
    grow();
    offer();
  });
  byId("composer").addEventListener("submit", (event) => {
    event.preventDefault();
    send();
  });
  byId("reply-cancel").addEventListener("click", () => {
    reply(undefined);
    field.focus();
  });
  return { render, reply, close, speaker: speaking, focus: () => field.focus() };
}

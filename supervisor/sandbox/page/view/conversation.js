import {
  botName,
  botsOf,
  colourOf,
  inTopic,
  keyOf,
  nameOf,
  serviceText,
  speakerOf,
  titleOf,
  topicIn,
  usersOf,
} from "../model/conversations.js";
import { groupAlbums } from "../model/media.js";
import { draftsIn, selectedChat, waitingData } from "../model/store.js";
import { dayKey, dayLabel } from "../model/time.js";
import { avatar, pollingState } from "./avatar.js";
import { byId, element, reconcile } from "./dom.js";
import { bubble, pill } from "./message/bubble.js";
import { draftItems } from "./message/draft.js";

/** Messages of one speaker that follow within this time stand together. */
const runSeconds = 300;

/** Somebody who is so near the end, in pixels, wants to see what comes. */
const nearEnd = 60;

const sameRun = (a, b) =>
  a !== undefined &&
  b !== undefined &&
  a.from?.id === b.from?.id &&
  Math.abs(a.date - b.date) < runSeconds &&
  dayKey(a.date * 1000) === dayKey(b.date * 1000);

const doing = { upload_photo: "is sending a photo", upload_document: "is sending a file" };
const actionText = (action) => doing[action] ?? "is typing";

/** The messages of the open conversation, and the line above them. */
export function createConversation(model, actions) {
  const log = byId("messages");
  const scroller = byId("scroller");
  const typing = byId("typing");
  const toEnd = byId("to-end");
  let shownKey;
  let atEnd = true;
  let height = 0;
  let contentHeight = 0;

  const colour = (id) => colourOf(model, id);

  function items(chat, messages) {
    const named = chat.type !== "private";
    const now = Date.now();
    const albums = groupAlbums(messages);
    return albums.flatMap((album, index) => {
      const [message] = album;
      const at = message.date * 1000;
      const before = albums[index - 1]?.at(-1);
      const first = !sameRun(before, message);
      const last = !sameRun(album.at(-1), albums[index + 1]?.[0]);
      const mine = message.from?.id === speakerOf(model, chat);
      const waiting = waitingData(model, shownKey, message.message_id);
      const shown = {
        key: `m${message.message_id}`,
        signature: JSON.stringify([album, first, last, waiting]),
        build: () => bubble(album, { mine, first, last, named, actions, waiting, colour }),
      };
      if (before && dayKey(before.date * 1000) === dayKey(at)) return [shown];
      const label = dayLabel(at, now);
      const day = { key: `d${dayKey(at)}`, signature: label, build: () => pill(label, "day") };
      return [day, shown];
    });
  }

  function subtitle(chat, bots) {
    if (chat.type === "private" && bots[0]) {
      const polling = pollingState(model.polling.get(bots[0].id));
      return `@${bots[0].username ?? botName(bots[0])} · ${polling.text}`;
    }
    const people = usersOf(model, chat).map((user) =>
      user.id === model.me ? "you" : nameOf(user),
    );
    return [...people, ...bots.map(botName)].join(", ");
  }

  function renderHeader(chat, topic) {
    const bots = botsOf(model, chat);
    const bot = chat.type === "private" ? bots[0] : undefined;
    const title = titleOf(model, chat);
    const found = topicIn(chat, topic);
    const inForum = chat.is_forum ? `${title} · ` : "";
    byId("chat-title").textContent = chat.is_forum ? (found?.name ?? "General") : title;
    byId("chat-subtitle").textContent = inForum + subtitle(chat, bots);
    const polling = bot && pollingState(model.polling.get(bot.id));
    byId("chat-avatar").replaceChildren(
      chat.is_forum
        ? element("span", { class: "hash large", "data-colour": colourOf(model, topic) }, "#")
        : avatar(colourOf(model, bot?.id ?? chat.id), bot ? botName(bot) : title, {
            polling,
            picture: bot ? undefined : "group",
          }),
    );
  }

  function emptyHints(chat) {
    const bot = botsOf(model, chat)[0];
    const group = chat.type !== "private";
    const name = bot ? botName(bot) : "this chat";
    const starts = ["/start", "/help", "/status"].map((command) =>
      group && bot?.username ? `${command}@${bot.username}` : command,
    );
    const tries = group ? starts : ["Hello!", ...starts];
    return element(
      "div",
      { class: "empty" },
      group
        ? avatar(colour(chat.id), name, { picture: "group" })
        : avatar(colour(bot?.id ?? chat.id), name),
      element("h2", {}, group ? "Nothing said here yet" : `Say hello to ${name}`),
      element(
        "p",
        {},
        group
          ? "All bots of this group hear you. A command can be meant for one of them:"
          : "Type something below, or try one of these:",
      ),
      element(
        "div",
        { class: "chips" },
        ...tries.map((text) =>
          element(
            "button",
            { type: "button", class: "chip", onclick: () => actions.say(text) },
            text,
          ),
        ),
      ),
    );
  }

  function renderTyping(chat, key) {
    const now = model.typing.get(key);
    const bot = now && (model.bots.find(({ id }) => id === now.bot) ?? botsOf(model, chat)[0]);
    typing.hidden = !now;
    if (now) byId("typing-text").textContent = `${botName(bot)} ${actionText(now.action)}`;
  }

  function renderDrafts(chat, topic) {
    const shown = draftsIn(model, chat.id, topic).flatMap((draft) => {
      const bot = model.bots.find(({ id }) => id === draft.bot);
      return draftItems(draft, { name: botName(bot), actions });
    });
    reconcile(byId("drafts"), shown);
  }

  function scrollToEnd() {
    scroller.scrollTop = scroller.scrollHeight;
    atEnd = true;
    toEnd.hidden = true;
  }

  function render() {
    const chat = selectedChat(model);
    byId("welcome").hidden = chat !== undefined;
    byId("chat").hidden = chat === undefined;
    if (!chat) {
      shownKey = undefined;
      return;
    }
    const { topic } = model.selected;
    const key = keyOf(chat.id, topic);
    const moved = key !== shownKey;
    if (moved) log.replaceChildren();
    shownKey = key;
    renderHeader(chat, topic);
    const messages = inTopic(model.messages.get(chat.id) ?? [], topic);
    const said = messages.some((message) => !serviceText(message));
    const hints = { key, signature: "", build: () => emptyHints(chat) };
    const closed = topicIn(chat, topic)?.closed;
    reconcile(byId("empty-chat"), said || closed || !model.loaded ? [] : [hints]);
    // A whole conversation put in at once is no news: only what comes later is read aloud.
    log.setAttribute("aria-live", moved ? "off" : "polite");
    const before = log.lastElementChild?.dataset.key;
    reconcile(log, items(chat, messages));
    renderTyping(chat, key);
    renderDrafts(chat, topic);
    const news = log.lastElementChild?.dataset.key !== before;
    const mineIsLast = messages.at(-1)?.from?.id === speakerOf(model, chat);
    if (moved || atEnd || (news && mineIsLast)) scrollToEnd();
    else if (news) toEnd.hidden = false;
  }

  /** Scrolls to a message and lets it light up for a moment. */
  function show(messageId) {
    const shown = log.querySelector(`[data-message="${Number(messageId)}"]`);
    const node = shown?.closest(".message");
    if (!node) return;
    node.scrollIntoView({ block: "center", behavior: "smooth" });
    node.classList.add("lit");
    node.addEventListener("animationend", () => node.classList.remove("lit"), { once: true });
  }

  scroller.addEventListener("scroll", () => {
    // Less room (quick keys, a reply), a draft or a picture that came moves the end away, not the reader: judged by
    // the sizes that were there before, unless there is less to see now.
    const whole = Math.min(contentHeight, scroller.scrollHeight);
    const room = Math.max(height, scroller.clientHeight);
    atEnd = whole - scroller.scrollTop - room < nearEnd;
    if (atEnd) toEnd.hidden = true;
  });
  toEnd.addEventListener("click", scrollToEnd);
  const sizes = new ResizeObserver(() => {
    if (atEnd) scrollToEnd();
    height = scroller.clientHeight;
    contentHeight = scroller.scrollHeight;
  });
  for (const part of [scroller, ...scroller.children]) sizes.observe(part);
  return { render, show };
}

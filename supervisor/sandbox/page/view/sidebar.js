import {
  botName,
  botsWithoutChat,
  colourOf,
  listRows,
  nameOf,
  preview,
  serviceText,
} from "../model/conversations.js";
import { listStamp } from "../model/time.js";
import { avatar, pollingState } from "./avatar.js";
import { byId, element, icon, reconcile } from "./dom.js";

/** The picture, two lines of text and what stands at their ends; everything a row shows is in `shown`. */
function rowButton(shown, onclick) {
  const { title, polling } = shown;
  return element(
    "button",
    {
      type: "button",
      class: shown.nested ? "row topic" : "row",
      "data-row": shown.key,
      "aria-current": shown.selected ? "true" : undefined,
      tabIndex: -1,
      onclick,
    },
    shown.nested
      ? element("span", { class: "hash", "data-colour": shown.colour, "aria-hidden": "true" }, "#")
      : avatar(shown.colour, shown.face ?? title, { polling, picture: shown.picture }),
    element(
      "span",
      { class: "row-text" },
      element(
        "span",
        { class: "row-top" },
        element("span", { class: "row-title" }, title),
        polling && element("span", { class: "hidden-text" }, ` (${polling.text})`),
        shown.closed && element("span", { class: "tag" }, "closed"),
        shown.stamp && element("time", { class: "row-time" }, shown.stamp),
      ),
      element(
        "span",
        { class: "row-bottom" },
        element(
          "span",
          { class: shown.typing ? "row-preview typing-now" : "row-preview" },
          shown.line,
        ),
        shown.unread > 0 &&
          element(
            "span",
            { class: "badge" },
            String(shown.unread),
            element("span", { class: "hidden-text" }, " new"),
          ),
      ),
    ),
  );
}

function heading(title) {
  return { key: `h-${title}`, signature: title, build: () => element("h2", {}, title) };
}

const section = (title, rows) => (rows.length > 0 ? [heading(title), ...rows] : []);

/**
 * The list of bots, chats and topics.
 *
 * @param {object} model
 * @param {{ open: (chatId: number, topic: number) => void, greet: (bot: object) => void,
 *   newTopic: (chat: object) => void }} actions
 */
export function createSidebar(model, actions) {
  const list = byId("chat-list");
  const search = byId("chat-search");

  function lineOf({ last, bot, chat }) {
    if (!last) {
      if (bot) return bot.username ? `@${bot.username}` : "Say hello";
      return chat.type === "private" ? "" : "Nothing said yet";
    }
    if (serviceText(last)) return serviceText(last);
    const mine = last.from?.id === model.me;
    if (mine) return `You: ${preview(last)}`;
    const who = chat.type !== "private" && last.from ? `${nameOf(last.from)}: ` : "";
    return who + preview(last);
  }

  function chatItem(row) {
    const { chat, topic, bot, key } = row;
    const typing = model.typing.has(key);
    const shown = {
      key,
      title: row.title,
      nested: row.forum !== undefined,
      selected: model.selected?.chatId === chat.id && model.selected.topic === topic,
      face: bot && botName(bot),
      colour: colourOf(model, row.forum === undefined ? (bot?.id ?? chat.id) : topic),
      picture: chat.type === "private" ? undefined : "group",
      polling: bot && pollingState(model.polling.get(bot.id)),
      closed: row.closed,
      stamp: row.last && listStamp(row.last.date * 1000, Date.now()),
      typing,
      line: typing ? "typing…" : lineOf(row),
      unread: row.unread,
    };
    const build = () => rowButton(shown, () => actions.open(chat.id, topic));
    return { key, signature: JSON.stringify(shown), build };
  }

  function forumItem({ chat, forum, bot }) {
    const add = `New topic in ${forum}`;
    const build = () =>
      element(
        "div",
        { class: "forum-heading" },
        avatar(colourOf(model, bot?.id ?? chat.id), forum, {
          picture: bot ? undefined : "group",
          small: true,
        }),
        element("span", { class: "row-title" }, forum),
        element(
          "button",
          {
            type: "button",
            class: "icon-button small",
            title: add,
            "aria-label": add,
            onclick: () => actions.newTopic(chat),
          },
          icon("plus"),
        ),
      );
    return { key: `f-${chat.id}`, signature: forum, build };
  }

  function botItem(bot) {
    const polling = pollingState(model.polling.get(bot.id));
    const shown = {
      key: `b-${bot.id}`,
      title: botName(bot),
      colour: colourOf(model, bot.id),
      polling,
    };
    const build = () => rowButton({ ...shown, line: "Start a chat" }, () => actions.greet(bot));
    return { key: shown.key, signature: JSON.stringify(shown), build };
  }

  /** A forum's first row has its heading before it. */
  function withForum(row, index, all) {
    const begins = row.forum !== undefined && all[index - 1]?.chat !== row.chat;
    return begins ? [forumItem(row), chatItem(row)] : [chatItem(row)];
  }

  function items() {
    const { direct, groups } = listRows(model, search.value);
    const wanted = search.value.trim().toLowerCase();
    const fits = (bot) => botName(bot).toLowerCase().includes(wanted);
    const strangers = botsWithoutChat(model).filter(fits).map(botItem);
    return [
      ...section("Bots and people", direct.flatMap(withForum)),
      ...section("Say hello to", strangers),
      ...section("Groups", groups.flatMap(withForum)),
    ];
  }

  const rows = () => [...list.querySelectorAll("[data-row]")];

  function nothing() {
    if (search.value) return `No chat is called "${search.value.trim()}"`;
    return model.loaded ? "No bots yet" : "";
  }

  function render() {
    const shown = items();
    reconcile(list, shown);
    const empty = byId("chat-list-empty");
    empty.hidden = shown.length > 0;
    empty.textContent = nothing();
    // One row can be reached with Tab, the others with the arrow keys.
    const all = rows();
    const current = all.find((row) => row.hasAttribute("aria-current")) ?? all[0];
    for (const row of all) row.tabIndex = row === current ? 0 : -1;
  }

  /** Opens the chat `step` rows further down (or up). */
  function move(step) {
    const all = rows();
    const at = all.findIndex((row) => row.hasAttribute("aria-current"));
    all[Math.min(Math.max(at + step, 0), all.length - 1)]?.click();
  }

  list.addEventListener("keydown", (event) => {
    const all = rows();
    const at = all.indexOf(document.activeElement);
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: all.length - 1 }[event.key];
    if (at < 0 || to === undefined || event.altKey) return;
    event.preventDefault();
    all[Math.min(Math.max(to, 0), all.length - 1)].focus();
  });
  search.addEventListener("input", render);
  search.addEventListener("keydown", (event) => {
    if (event.key === "ArrowDown" && !event.altKey) {
      event.preventDefault();
      rows()[0]?.focus();
    } else if (event.key === "Enter") {
      const first = rows()[0];
      search.value = "";
      first?.click();
      render();
    } else if (event.key === "Escape") {
      event.stopPropagation();
      search.value = "";
      search.blur();
      render();
      byId("composer-text").focus();
    }
  });
  return { render, move };
}

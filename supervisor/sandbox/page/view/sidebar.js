import {
  botName,
  botsWithoutChat,
  colourOf,
  listRows,
  nameOf,
  preview,
} from "../model/conversations.js";
import { listStamp } from "../model/time.js";
import { avatar, pollingState } from "./avatar.js";
import { byId, element, icon } from "./dom.js";

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
  const isSelected = ({ chat, topic }) =>
    model.selected?.chatId === chat.id && model.selected.topic === topic;

  function previewOf({ last, bot, chat, typing }) {
    if (typing) return element("span", { class: "row-typing" }, "typing…");
    if (!last) {
      if (bot) return bot.username ? `@${bot.username}` : "Say hello";
      return chat.type === "private" ? "" : "Nothing said yet";
    }
    const mine = last.from?.id === model.me;
    const group = chat.type !== "private";
    const who = mine ? "You: " : group && last.from ? `${nameOf(last.from)}: ` : "";
    return `${who}${preview(last)}`;
  }

  function open(row) {
    actions.open(row.chat.id, row.topic);
  }

  function chatRow(row) {
    const nested = row.forum !== undefined;
    const polling = row.bot && pollingState(model.polling.get(row.bot.id));
    const picture = row.chat.type === "private" ? undefined : "group";
    const withTyping = { ...row, typing: model.typing.has(row.key) };
    return element(
      "button",
      {
        type: "button",
        class: nested ? "row topic" : "row",
        "data-row": row.key,
        "aria-current": isSelected(row) ? "true" : undefined,
        tabIndex: -1,
        onclick: () => open(row),
      },
      nested
        ? element(
            "span",
            { class: "hash", "data-colour": colourOf(row.topic), "aria-hidden": "true" },
            "#",
          )
        : avatar(row.bot?.id ?? row.chat.id, row.title, { polling, picture }),
      element(
        "span",
        { class: "row-text" },
        element(
          "span",
          { class: "row-top" },
          element("span", { class: "row-title" }, row.title),
          polling && element("span", { class: "hidden-text" }, ` (${polling.text})`),
          row.closed && element("span", { class: "tag" }, "closed"),
          row.last &&
            element("time", { class: "row-time" }, listStamp(row.last.date * 1000, Date.now())),
        ),
        element(
          "span",
          { class: "row-bottom" },
          element("span", { class: "row-preview" }, previewOf(withTyping)),
          row.unread > 0 &&
            element(
              "span",
              { class: "badge", "aria-label": `${row.unread} new` },
              String(row.unread),
            ),
        ),
      ),
    );
  }

  function forumHeading(row) {
    const add = `New topic in ${row.forum}`;
    return element(
      "div",
      { class: "forum-heading" },
      avatar(row.chat.id, row.forum, { picture: "group", small: true }),
      element("span", { class: "row-title" }, row.forum),
      element(
        "button",
        {
          type: "button",
          class: "icon-button small",
          title: add,
          "aria-label": add,
          onclick: () => actions.newTopic(row.chat),
        },
        icon("plus"),
      ),
    );
  }

  function section(title, rows) {
    if (rows.length === 0) return undefined;
    const items = [];
    let forum;
    for (const row of rows) {
      if (row.forum !== undefined && forum !== row.chat.id) items.push(forumHeading(row));
      forum = row.forum === undefined ? undefined : row.chat.id;
      items.push(chatRow(row));
    }
    return element("section", { "aria-label": title }, element("h2", {}, title), ...items);
  }

  function strangers() {
    const wanted = search.value.trim().toLowerCase();
    const bots = botsWithoutChat(model).filter((bot) =>
      botName(bot).toLowerCase().includes(wanted),
    );
    if (bots.length === 0) return undefined;
    return element(
      "section",
      { "aria-label": "Bots to meet" },
      element("h2", {}, "Say hello to"),
      ...bots.map((bot) =>
        element(
          "button",
          {
            type: "button",
            class: "row",
            "data-row": `bot-${bot.id}`,
            tabIndex: -1,
            onclick: () => actions.greet(bot),
          },
          avatar(bot.id, botName(bot), { polling: pollingState(model.polling.get(bot.id)) }),
          element(
            "span",
            { class: "row-text" },
            element(
              "span",
              { class: "row-top" },
              element("span", { class: "row-title" }, botName(bot)),
            ),
            element(
              "span",
              { class: "row-bottom" },
              element("span", { class: "row-preview" }, "Start a chat"),
            ),
          ),
        ),
      ),
    );
  }

  const rows = () => [...list.querySelectorAll("[data-row]")];

  /** One row can be reached with Tab, the others with the arrow keys. */
  function rove() {
    const all = rows();
    const current = all.find((row) => row.hasAttribute("aria-current")) ?? all[0];
    if (current) current.tabIndex = 0;
  }

  function render() {
    const focused = document.activeElement?.closest?.("[data-row]")?.dataset.row;
    const { direct, groups } = listRows(model, search.value);
    const sections = [
      section("Bots and people", direct),
      strangers(),
      section("Groups", groups),
    ].filter(Boolean);
    const nothing = search.value
      ? `No chat is called "${search.value.trim()}"`
      : model.loaded
        ? "No bots yet"
        : "";
    list.replaceChildren(
      ...(sections.length > 0 ? sections : [element("p", { class: "hint" }, nothing)]),
    );
    rove();
    if (focused)
      rows()
        .find((row) => row.dataset.row === focused)
        ?.focus();
  }

  /** Opens the chat `step` rows further down (or up). */
  function move(step) {
    const all = rows();
    const at = all.findIndex((row) => row.hasAttribute("aria-current"));
    const next = all[Math.min(Math.max(at + step, 0), all.length - 1)];
    next?.click();
    rows()
      .find((row) => row.dataset.row === next?.dataset.row)
      ?.focus();
  }

  list.addEventListener("keydown", (event) => {
    const all = rows();
    const at = all.indexOf(document.activeElement);
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: all.length - 1 }[event.key];
    if (at < 0 || to === undefined) return;
    event.preventDefault();
    all[Math.min(Math.max(to, 0), all.length - 1)].focus();
  });
  search.addEventListener("input", render);
  search.addEventListener("keydown", (event) => {
    if (event.key === "ArrowDown") {
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

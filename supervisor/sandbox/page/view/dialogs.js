import { botName, nameOf } from "../model/conversations.js";
import { byId, element } from "./dom.js";

function checkbox(name, value, label, checked = false) {
  return element(
    "label",
    { class: "check" },
    element("input", { type: "checkbox", name, value: String(value), checked }),
    element("span", {}, label),
  );
}

const numbers = (form, name) => new FormData(form).getAll(name).map(Number);
const textOf = (form, name) => form.elements[name].value.trim();

function fill(dialog, name, choices) {
  dialog.querySelector(`[data-choices="${name}"]`).replaceChildren(...choices);
}

/**
 * The small dialogs that create users, groups and topics.
 *
 * @param {object} model
 * @param {{ sandbox: object, open: (chatId: number, topic?: number) => void, reload: () => Promise<void> }} actions
 */
export function createDialogs(model, { sandbox, open, reload }) {
  /** Runs `work` when the form is sent: closes the dialog if it went well, shows in it what went wrong if not. */
  function onSubmit(dialog, work) {
    const form = dialog.querySelector("form");
    const problem = dialog.querySelector(".problem");
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      problem.hidden = true;
      try {
        const opened = await work(form);
        await reload();
        dialog.close();
        form.reset();
        if (opened) open(opened.chatId, opened.topic);
      } catch (error) {
        problem.textContent = error.message;
        problem.hidden = false;
      }
    });
  }

  const botChoices = (checkedAll) =>
    model.bots.map((bot, index) =>
      checkbox("bots", bot.id, botName(bot), checkedAll || index === 0),
    );

  const user = byId("user-dialog");
  const group = byId("group-dialog");
  const topic = byId("topic-dialog");
  const menu = byId("new-menu");

  const forms = {
    user() {
      fill(user, "bots", botChoices(false));
      user.showModal();
    },
    group(kind = "group") {
      const people = model.users.map((one) =>
        checkbox("members", one.id, one.id === model.me ? "You" : nameOf(one), true),
      );
      fill(group, "members", people);
      fill(group, "bots", botChoices(true));
      group.querySelector(`[name="kind"][value="${kind}"]`).checked = true;
      group.showModal();
    },
    topic(chat) {
      const forums = model.chats.filter(({ is_forum }) => is_forum);
      if (forums.length === 0) return forms.group("forum");
      const select = topic.querySelector("select");
      select.replaceChildren(
        ...forums.map((forum) => element("option", { value: String(forum.id) }, forum.title)),
      );
      select.value = String((chat ?? forums[0]).id);
      topic.showModal();
      topic.querySelector("input").focus();
      return undefined;
    },
  };

  onSubmit(user, async (form) => {
    const username = textOf(form, "username").replace(/^@/, "");
    const made = await sandbox.createUser({
      first_name: textOf(form, "first_name"),
      ...(username ? { username } : {}),
    });
    let first;
    for (const bot of numbers(form, "bots")) {
      const chat = await sandbox.createChat({ type: "private", members: [made.id], bots: [bot] });
      first ??= { chatId: chat.id };
    }
    return first;
  });

  onSubmit(group, async (form) => {
    const kind = textOf(form, "kind");
    const chat = await sandbox.createChat({
      type: kind === "group" ? "group" : "supergroup",
      title: textOf(form, "title"),
      ...(kind === "forum" ? { is_forum: true } : {}),
      members: numbers(form, "members"),
      bots: numbers(form, "bots"),
    });
    return { chatId: chat.id };
  });

  onSubmit(topic, async (form) => {
    const chatId = Number(textOf(form, "chat"));
    const made = await sandbox.createTopic(chatId, textOf(form, "name"));
    return { chatId, topic: made.message_thread_id };
  });

  for (const dialog of document.querySelectorAll("dialog")) {
    // A click beside the dialog's own box closes it, as people expect.
    dialog.addEventListener("click", (event) => event.target === dialog && dialog.close());
    for (const cancel of dialog.querySelectorAll("[data-close]"))
      cancel.addEventListener("click", () => dialog.close());
  }
  for (const item of menu.querySelectorAll("[data-new]")) {
    item.addEventListener("click", () => {
      menu.close();
      const kind = item.dataset.new;
      if (kind === "forum") forms.group("forum");
      else forms[kind]();
    });
  }
  byId("new").addEventListener("click", () => menu.showModal());
  byId("shortcuts").addEventListener("click", () => byId("shortcuts-dialog").showModal());
  return forms;
}

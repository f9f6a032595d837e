import { botName } from "../model/conversations.js";
import { selectedChat } from "../model/store.js";
import { byId, element, reconcile } from "./dom.js";
import { memory } from "./theme.js";
import { toast } from "./toast.js";

const words = { connecting: "connecting", live: "live", lost: "reconnecting", locked: "locked" };
const whyLocked =
  "This page's key is no longer valid: the sandbox was restarted, or a week is over. Open the address that was printed at the start.";

/** From the conversation to the list. */
function back() {
  location.hash = "";
}

/** What stands around the conversation: the state of the connection, the first page, which panes are open. */
export function createFrame(model, { greet }) {
  const wide = matchMedia("(min-width: 1100px)");
  const narrow = matchMedia("(max-width: 699px)");
  const panel = byId("calls");
  const toggle = byId("calls-toggle");

  function showCalls(wanted) {
    panel.hidden = !wanted;
    toggle.setAttribute("aria-expanded", String(wanted));
  }

  /** Where there is room the reader's choice is kept; elsewhere the panel covers the chat and opens only when asked. */
  function choose(wanted) {
    showCalls(wanted);
    if (wide.matches) memory.set("calls", wanted ? "open" : "closed");
  }

  const usual = () => showCalls(wide.matches && memory.get("calls") !== "closed");

  function welcome() {
    const { bots, loaded } = model;
    byId("welcome-text").textContent = !loaded
      ? ""
      : bots.length > 0
        ? "Here you are a Telegram user, and these bots are there to talk to."
        : `No bot is here yet. Start the fleet, or point a bot of yours at TELEGRAM_API_ROOT=${location.origin}`;
    const chips = bots.map((bot, index) => {
      const text = index === 0 ? `Say hello to ${botName(bot)}` : botName(bot);
      const onclick = () => greet(bot);
      const build = () => element("button", { type: "button", class: "chip", onclick }, text);
      return { key: String(bot.id), signature: text, build };
    });
    reconcile(byId("welcome-bots"), chips);
  }

  function render() {
    const chat = selectedChat(model);
    const unread = [...model.unread.values()].reduce((sum, count) => sum + count, 0);
    document.title = unread > 0 ? `(${unread}) Sandbox` : "Sandbox";
    byId("panes").dataset.showing = chat ? "chat" : "list";
    const connection = byId("connection");
    const isLocked = model.connection === "locked";
    if (connection.textContent !== words[model.connection]) {
      connection.dataset.state = isLocked ? "lost" : model.connection;
      connection.textContent = words[model.connection];
      if (isLocked) toast(whyLocked, "error");
    }
    if (!chat) welcome();
  }

  /** Closes what covers the conversation. */
  function close() {
    if (!wide.matches) showCalls(false);
  }

  toggle.addEventListener("click", () => choose(panel.hidden));
  byId("calls-close").addEventListener("click", () => {
    choose(false);
    toggle.focus();
  });
  byId("back").addEventListener("click", back);
  wide.addEventListener("change", usual);
  if (/Mac|iPhone|iPad/.test(navigator.userAgent)) byId("search-key").textContent = "⌘ K";
  usual();
  return { render, back, close, showsOnePane: () => narrow.matches };
}

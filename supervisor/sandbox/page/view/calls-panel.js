import { shownCalls } from "../model/calls.js";
import { botName, keyOf } from "../model/conversations.js";
import { openConversation, selectedChat } from "../model/store.js";
import { clockTimeWithSeconds, duration } from "../model/time.js";
import { byId, element, reconcile } from "./dom.js";

const shownAtMost = 200;
const emptyText = {
  conversation: "What the bot asks of Telegram to answer you appears here, as it happens.",
  all: "No bot has called anything yet.",
  background: "No bot has called anything yet.",
};

/** The Bot API calls that the conversation caused, the newest first. */
export function createCallsPanel(model) {
  const list = byId("call-list");
  const scope = byId("call-scope");

  function line(call) {
    const bot = model.bots.find(({ id }) => id === call.bot);
    const failed = call.error !== undefined;
    return element(
      "details",
      { class: failed ? "call failed" : "call" },
      element(
        "summary",
        {},
        element("span", { class: "call-method" }, call.method),
        element("span", { class: "call-status" }, call.status ? String(call.status) : "—"),
        element("span", { class: "call-bot" }, bot ? botName(bot) : String(call.bot ?? "")),
        element("span", { class: "call-ms" }, duration(call.ms)),
        element("time", { class: "call-time" }, clockTimeWithSeconds(call.atMs)),
        failed && element("span", { class: "call-error" }, call.error),
      ),
      element("pre", { tabIndex: 0 }, JSON.stringify(call.params, null, 2)),
      call.ignored.length > 0 &&
        element("p", { class: "call-ignored" }, `Unknown, ignored: ${call.ignored.join(", ")}`),
    );
  }

  function render() {
    const chat = selectedChat(model);
    const calls = shownCalls(model.calls, openConversation(model), scope.value).slice(-shownAtMost);
    list.dataset.of = chat ? keyOf(chat.id, model.selected.topic) : "";
    reconcile(
      list,
      calls
        .toReversed()
        .map((call) => ({ key: String(call.seq), signature: "", build: () => line(call) })),
    );
    byId("call-count").textContent = calls.length === 0 ? "" : String(calls.length);
    const empty = byId("call-empty");
    empty.hidden = calls.length > 0;
    empty.textContent = emptyText[chat ? scope.value : "all"];
  }

  scope.addEventListener("change", render);
  return { render };
}

import { clockTimeWithSeconds } from "../../../sandbox/page/model/time.js";
import { byId, element, icon } from "../../../sandbox/page/view/dom.js";
import { botNamed, deadLetters, sentence, verdict } from "../model/fleet.js";
import { count, memory, percent, plural, span, spoken } from "../model/words.js";
import { createCharts } from "./charts/charts.js";
import { createLetters } from "./letters.js";
import { setAttribute, setText } from "./live.js";
import { createLogs } from "./logs.js";
import { createOrderButtons } from "./order-buttons.js";

/** One line of what is known about a bot; without a value it is not shown. */
function createFact(words) {
  const value = element("dd");
  const node = element("div", {}, element("dt", {}, words), value);
  return {
    node,
    show(text) {
      node.hidden = text === undefined;
      setText(value, text ?? "");
    },
  };
}

/**
 * Everything about one bot.
 *
 * @param {object} actions
 * @param {(question: object) => Promise<{ lines: object[] }>} readLog
 */
export function createBotPage(actions, readLog) {
  const page = byId("view-bot");
  const charts = createCharts();
  const letters = createLetters(actions);
  const logs = createLogs(readLog);
  const facts = Object.fromEntries(
    Object.entries({
      since: "In this state",
      up: "Process",
      poll: "Last completed poll",
      receiving: "Receiving",
      waiting: "Waiting updates",
      sending: "Answers to send",
      errors: "Errors in 24 h",
      uses: "Uses",
      restarts: "Restarts",
      id: "Bot id",
    }).map(([key, words]) => [key, createFact(words)]),
  );
  const light = element("span", { class: "light large", "aria-hidden": "true" });
  const title = element("h2", { id: "bot-title" });
  const words = element("p", { class: "bot-words" });
  const talk = element("a", { class: "order" }, icon("chat"), element("span", {}, "Talk"));
  const orders = element("div", { class: "bot-orders" });
  const letterPart = element("section", {}, element("h2", {}, "Dead letters"), letters.node);
  const missing = element("p", { class: "hint", hidden: true });
  const parts = element(
    "div",
    { class: "bot-parts" },
    element(
      "div",
      { class: "bot-top" },
      element(
        "a",
        { class: "icon-button", href: "#/", "aria-label": "Back to the fleet" },
        icon("back"),
      ),
      light,
      element("div", { class: "bot-names" }, title, words),
      orders,
    ),
    element("dl", { class: "facts" }, ...Object.values(facts).map(({ node }) => node)),
    letterPart,
    charts.node,
    element("section", { class: "bot-log" }, element("h2", {}, "Log"), logs.node),
  );
  page.append(missing, parts);
  let shown;
  let buttons;

  function open(name) {
    if (shown === name) return;
    shown = name;
    logs.follow(name);
    if (name === undefined) return;
    setText(title, name);
    buttons = createOrderButtons(name, actions, { withWords: true });
    orders.replaceChildren(talk, ...buttons.nodes);
    page.scrollTop = 0;
  }

  function render({ fleet, history, nowMs }) {
    const bot = botNamed(fleet, shown);
    missing.hidden = bot !== undefined;
    parts.hidden = bot === undefined;
    setText(missing, fleet.picture ? `There is no bot "${shown}" in this fleet.` : "");
    if (bot === undefined) return;
    const how = verdict(bot, nowMs);
    setAttribute(light, "data-tone", how.tone);
    setAttribute(words, "data-tone", how.tone);
    setText(words, sentence(how));
    talk.hidden = fleet.picture.sandboxUrl === undefined || bot.botId === undefined;
    setAttribute(talk, "href", `#/chat/${bot.botId}`);
    buttons.update(bot);
    renderFacts(bot, nowMs);
    const own = deadLetters(fleet).filter((letter) => letter.bot === bot.name);
    letterPart.hidden = own.length === 0;
    letters.render(own, bot.intake?.deadLetterCount ?? 0, nowMs);
    charts.render(history, [bot.name], nowMs);
  }

  function renderFacts(bot, nowMs) {
    const { usage, intake, sending } = bot;
    facts.since.show(span(nowMs - bot.since));
    facts.up.show(
      bot.pid &&
        `${bot.pid}${bot.startedAt === undefined ? "" : `, up ${span(nowMs - bot.startedAt)}`}`,
    );
    facts.poll.show(
      bot.lastPollCompletedAt &&
        `${span(nowMs - bot.lastPollCompletedAt)} ago, ${clockTimeWithSeconds(bot.lastPollCompletedAt)}`,
    );
    facts.receiving.show(spoken(bot.polling.state));
    const oldest = intake?.oldestUnhandledAt;
    facts.waiting.show(
      intake && count(intake.depth) + (oldest ? `, the oldest for ${span(nowMs - oldest)}` : ""),
    );
    const flood = sending?.floodUntil;
    const held = flood > nowMs ? `, Telegram wants ${span(flood - nowMs)} of silence` : "";
    facts.sending.show(sending && (sending.trouble ?? count(sending.waitingAnswers) + held));
    const kinds = Object.entries(bot.errors).filter(([, number]) => number > 0);
    facts.errors.show(
      kinds.map(([kind, number]) => `${spoken(kind)} ${count(number)}`).join(", ") || "none",
    );
    facts.uses.show(
      usage &&
        `${memory(usage.memoryBytes)}, ${percent(usage.cpuPercent)} of a core, ${plural(usage.processes, "process", "processes")}`,
    );
    facts.restarts.show(count(bot.restarts));
    facts.id.show(bot.botId === undefined ? undefined : String(bot.botId));
  }
  return { open, render };
}

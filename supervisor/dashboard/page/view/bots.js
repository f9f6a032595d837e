import { byId, element, icon, reconcile } from "../../../sandbox/page/view/dom.js";
import { verdict } from "../model/fleet.js";
import { columns, quantile, together } from "../model/history.js";
import { count, memory, milliseconds, percent, plural, span } from "../model/words.js";
import { sparkline } from "./charts/svg.js";
import { setAttribute, setText } from "./live.js";
import { createOrderButtons } from "./order-buttons.js";

const hour = { spanMs: 3_600_000, columnMs: 60_000 };

/** One bot: its cells are filled anew with every change, its buttons stay the same. */
function createRow(name, actions) {
  const light = element("span", { class: "light", "aria-hidden": "true" });
  const role = element("span", { class: "tag", hidden: true }, "main");
  const words = element("span", { class: "state-words" });
  const why = element("span", { class: "state-why" });
  const spark = element("td", { class: "cell-spark" });
  const numbers = Array.from({ length: 5 }, () => element("td", { class: "cell-number" }));
  const [taken, waiting, memoryUsed, cpu, up] = numbers;
  const talk = element(
    "a",
    { class: "icon-button small", title: `Talk to ${name}`, "aria-label": `Talk to ${name}` },
    icon("chat"),
  );
  const orders = createOrderButtons(name, actions, { withWords: false });
  const node = element(
    "tr",
    { class: "bot", "data-bot": name },
    element(
      "th",
      { scope: "row" },
      light,
      element("a", { class: "bot-name", href: `#/bot/${name}` }, name),
      role,
    ),
    element("td", { class: "cell-state" }, words, why),
    spark,
    ...numbers,
    element("td", { class: "cell-orders" }, talk, ...orders.nodes),
  );
  let sparkOf;

  function update(bot, { fleet, history, nowMs }) {
    const how = verdict(bot, nowMs);
    setAttribute(node, "data-tone", how.tone);
    setAttribute(light, "data-tone", how.tone);
    role.hidden = bot.role !== "main" || name === "main";
    setText(words, how.words);
    const usual = how.tone === "good" && bot.lastPollCompletedAt !== undefined;
    setText(why, usual ? `last poll ${span(nowMs - bot.lastPollCompletedAt)} ago` : how.why);
    setAttribute(why, "title", why.textContent);
    const letters = bot.intake?.deadLetterCount ?? 0;
    setText(waiting, count(bot.intake?.depth ?? 0) + (letters > 0 ? ` + ${letters} dead` : ""));
    setAttribute(waiting, "data-tone", letters > 0 && "bad");
    setText(memoryUsed, memory(bot.usage?.memoryBytes));
    setText(cpu, percent(bot.usage?.cpuPercent));
    setText(up, bot.startedAt === undefined ? "–" : span(nowMs - bot.startedAt));
    setAttribute(up, "title", bot.restarts > 0 && plural(bot.restarts, "restart"));
    talk.hidden = fleet.picture.sandboxUrl === undefined || bot.botId === undefined;
    setAttribute(talk, "href", `#/chat/${bot.botId}`);
    orders.update(bot);
    if (sparkOf === history.now) return;
    sparkOf = history.now;
    const found = columns(history, [name], { nowMs, ...hour });
    const { handled, took } = together(found);
    setText(taken, milliseconds(quantile(took, 0.5)));
    spark.replaceChildren(
      sparkline(
        found.map((column) => column.handled),
        { width: 132, height: 26, label: `${plural(handled, "update")} in the last hour` },
      ),
      element("span", { class: "spark-sum" }, count(handled)),
    );
  }
  return { node, update };
}

/** The bot whose row has the focus. */
export const focusedBot = () => document.activeElement?.closest("tr.bot")?.dataset.bot;

/**
 * The table of the fleet.
 *
 * @param {{ order: (order: string, name: string) => Promise<void> }} actions
 */
export function createBots(actions) {
  const body = byId("bots");
  const rows = new Map();

  function rowOf(name) {
    if (!rows.has(name)) rows.set(name, createRow(name, actions));
    return rows.get(name);
  }

  function render(state) {
    const { bots } = state.fleet.picture;
    for (const name of rows.keys()) if (!bots.some((bot) => bot.name === name)) rows.delete(name);
    reconcile(
      body,
      bots.map(({ name }) => ({ key: name, signature: "", build: () => rowOf(name).node })),
    );
    for (const bot of bots) rowOf(bot.name).update(bot, state);
  }

  /** Moves the focus over the names of the bots. */
  function move(step) {
    const names = [...body.querySelectorAll(".bot-name")];
    const at = names.findIndex((name) => name.closest("tr").contains(document.activeElement));
    const to = at < 0 ? (step > 0 ? 0 : names.length - 1) : at + step;
    names[Math.min(Math.max(to, 0), names.length - 1)]?.focus();
  }

  return { render, move };
}

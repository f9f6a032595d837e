import { clockTimeWithSeconds } from "../../../sandbox/page/model/time.js";
import { byId, element, reconcile } from "../../../sandbox/page/view/dom.js";
import { memory as remembered } from "../../../sandbox/page/view/theme.js";
import { totals } from "../model/fleet.js";
import { columns, quantile, together } from "../model/history.js";
import { count, memory, milliseconds, percent, plural, span } from "../model/words.js";
import { createBots } from "./bots.js";
import { createCharts } from "./charts/charts.js";
import { setAttribute, setText } from "./live.js";

const hour = { spanMs: 3_600_000, columnMs: 60_000 };

function createFigure(id) {
  const node = byId(id);
  const [value, note] = [node.querySelector("dd"), node.querySelector(".figure-note")];
  return (text, words, tone) => {
    setText(value, text);
    setText(note, words);
    setAttribute(node, "data-tone", tone);
  };
}

function renderSupervisor({ supervisor, state, startedAt, usage }, nowMs) {
  const used = usage ? `, ${memory(usage.memoryBytes)}` : "";
  const doing = state === "running" ? "" : ` (${state})`;
  const text = `Supervisor${doing}: process ${supervisor.pid}, up ${span(nowMs - startedAt)}${used}.`;
  setText(byId("supervisor-words"), text);
}

function renderEvents(events) {
  const rows = events.map(({ at, name, tone, text }, index) => ({
    key: `${at}-${name}-${events.length - index}`,
    signature: "",
    build: () =>
      element(
        "li",
        {},
        element("time", {}, clockTimeWithSeconds(at)),
        element("span", { class: "light", "data-tone": tone, "aria-hidden": "true" }),
        element("span", { class: "event-text" }, element("b", {}, name), ` ${text}`),
      ),
  }));
  reconcile(byId("events"), rows);
  byId("events-empty").hidden = rows.length > 0;
}

/** The fleet at a glance: figures, bots, charts, and what happened while the page looked. */
export function createOverview(actions) {
  const bots = createBots(actions);
  const charts = createCharts();
  byId("fleet-charts").append(charts.node);
  const figures = {
    ready: createFigure("figure-ready"),
    updates: createFigure("figure-updates"),
    time: createFigure("figure-time"),
    errors: createFigure("figure-errors"),
    uses: createFigure("figure-uses"),
  };
  const hello = byId("hello");
  byId("hello-close").addEventListener("click", () => {
    remembered.set("hello", "closed");
    hello.hidden = true;
  });

  function renderFigures({ fleet, history, nowMs }) {
    const sums = totals(fleet, nowMs);
    const names = fleet.picture.bots.map(({ name }) => name);
    const last = together(columns(history, names, { nowMs, ...hour }));
    const others = sums.bots - sums.good - sums.off;
    const rest = [
      others > 0 && `${plural(others, "needs", "need")} a look`,
      sums.off > 0 && `${sums.off} stopped`,
    ].filter(Boolean);
    figures.ready(
      `${sums.good} of ${sums.bots}`,
      rest.join(", ") || "all well",
      others > 0 ? sums.worst : "good",
    );
    const waits = sums.waiting > 0 ? `${count(sums.waiting)} waiting` : "in the last hour";
    figures.updates(count(last.handled), waits);
    const late = quantile(last.took, 0.95);
    figures.time(
      milliseconds(quantile(last.took, 0.5)),
      late === undefined ? "nothing handled yet" : `95 of 100 within ${milliseconds(late)}`,
    );
    const errors = Object.values(last.errors).reduce((sum, number) => sum + number, 0);
    const dead = sums.deadLetters;
    figures.errors(
      count(errors),
      dead > 0 ? plural(dead, "dead letter") : "in the last hour",
      dead > 0 ? "bad" : undefined,
    );
    figures.uses(memory(sums.memoryBytes), `${percent(sums.cpuPercent)} of a core`);
  }

  function render(state) {
    const { fleet, history, nowMs } = state;
    byId("fleet-waiting").hidden = fleet.picture !== undefined;
    byId("fleet-parts").hidden = fleet.picture === undefined;
    if (fleet.picture === undefined) return;
    const main = fleet.picture.bots.find(({ role }) => role === "main");
    const isTrial = fleet.picture.sandboxUrl !== undefined;
    hello.hidden = !isTrial || remembered.get("hello") === "closed";
    if (main?.botId !== undefined) setAttribute(byId("hello-talk"), "href", `#/chat/${main.botId}`);
    renderFigures(state);
    bots.render(state);
    renderSupervisor(fleet.picture, nowMs);
    charts.render(
      history,
      fleet.picture.bots.map(({ name }) => name),
      nowMs,
    );
    renderEvents(fleet.events);
  }
  return { render, move: bots.move };
}

import { element } from "../../../../sandbox/page/view/dom.js";
import { columns, errorKinds, quantile } from "../../model/history.js";
import { count, memory, milliseconds, plural, spoken } from "../../model/words.js";
import { createChart } from "./chart.js";

const minuteMs = 60_000;
const megabyte = 2 ** 20;
const windows = {
  hour: { label: "1 h", spanMs: 60 * minuteMs, columnMs: minuteMs },
  hours: { label: "6 h", spanMs: 360 * minuteMs, columnMs: 5 * minuteMs },
};
const errorTones = ["error-0", "error-1", "error-2", "error-3", "error-4"];

/** Updates, time taken, errors and memory of some bots over the last hours. */
export function createCharts() {
  const updates = createChart();
  const times = createChart();
  const errors = createChart();
  const used = createChart();
  let chosen = "hour";
  let last;
  const choices = Object.entries(windows).map(([name, { label }]) =>
    element("button", { type: "button", "data-window": name, onclick: () => choose(name) }, label),
  );
  const node = element(
    "section",
    { class: "charts", "aria-label": "Charts" },
    element(
      "div",
      { class: "section-top" },
      element("h2", {}, "The last hours"),
      element("div", { class: "switch", role: "group", "aria-label": "How far back" }, ...choices),
    ),
    element("div", { class: "chart-grid" }, updates.node, times.node, errors.node, used.node),
  );

  function choose(name) {
    chosen = name;
    if (last) render(...last);
  }

  function render(history, names, nowMs) {
    last = [history, names, nowMs];
    for (const choice of choices)
      choice.setAttribute("aria-pressed", String(choice.dataset.window === chosen));
    const { spanMs, columnMs } = windows[chosen];
    const found = columns(history, names, { nowMs, spanMs, columnMs });
    const ats = found.map(({ at }) => at);
    const per = columnMs === minuteMs ? "per minute" : `per ${columnMs / minuteMs} minutes`;
    updates.show({
      title: "Updates handled",
      note: per,
      form: "bars",
      unit: count,
      ats,
      empty: "No updates yet",
      lines: [{ name: "updates", tone: "accent", values: found.map(({ handled }) => handled) }],
    });
    const taken = (part) => found.map(({ took }) => quantile(took, part));
    times.show({
      title: "Time to handle",
      note: "from receipt",
      form: "lines",
      unit: milliseconds,
      ats,
      empty: "No updates yet",
      lines: [
        { name: "95 of 100 within", tone: "soft", values: taken(0.95) },
        { name: "half within", tone: "accent", values: taken(0.5) },
      ],
    });
    errors.show({
      title: "Errors",
      note: per,
      form: "bars",
      unit: count,
      ats,
      empty: "No errors",
      isNamed: true,
      lines: errorLines(found),
    });
    const levels = found.map(({ memoryBytes }) => memoryBytes / megabyte || undefined);
    used.show({
      title: "Memory",
      note: "with all its processes",
      form: "lines",
      unit: (megabytes) => memory(megabytes * megabyte),
      ats,
      empty: "Nothing measured yet",
      lines: [{ name: "memory", tone: "accent", values: levels }],
    });
  }
  return { node, render };
}

/** The most frequent kinds by name, the others together. */
function errorLines(found) {
  const kinds = errorKinds(found);
  const named = kinds.length > errorTones.length ? kinds.slice(0, errorTones.length - 1) : kinds;
  const others = kinds.slice(named.length);
  const lines = named.map((kind, index) => ({
    name: spoken(kind),
    tone: errorTones[index],
    values: found.map(({ errors }) => errors[kind] ?? 0),
  }));
  if (others.length === 0) return lines;
  const rest = found.map(({ errors }) =>
    others.reduce((sum, kind) => sum + (errors[kind] ?? 0), 0),
  );
  return [
    ...lines,
    { name: plural(others.length, "other kind"), tone: errorTones.at(-1), values: rest },
  ];
}

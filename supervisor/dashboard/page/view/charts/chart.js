import { clockTime } from "../../../../sandbox/page/model/time.js";
import { element } from "../../../../sandbox/page/view/dom.js";
import { svg } from "./svg.js";

const height = 168;
const room = { top: 10, right: 6, bottom: 22, left: 52 };

/**
 * @typedef {{ name: string, tone: string, values: readonly (number | undefined)[] }} Line
 * @typedef {{ title: string, form: "bars" | "lines", unit: (value: number) => string, note?: string, empty: string,
 *   ats: readonly number[], lines: readonly Line[], isNamed?: boolean }} Drawing
 */

/** A chart of its own: title, legend, drawing, and what the pointer is at. */
export function createChart() {
  const title = element("h3");
  const note = element("p", { class: "chart-note" });
  const legend = element("ul", { class: "legend" });
  const stage = element("div", { class: "chart-stage" });
  const tip = element("div", { class: "chart-tip", hidden: true });
  const node = element(
    "figure",
    { class: "chart" },
    element("figcaption", {}, title, note, legend),
    stage,
  );
  let drawing;
  let drawnWidth = 0;

  function draw() {
    const width = Math.floor(stage.clientWidth);
    if (!drawing || width === 0) return;
    drawnWidth = width;
    stage.replaceChildren(picture(drawing, width), tip);
  }

  function point(event) {
    const { ats, lines, unit } = drawing;
    const inner = drawnWidth - room.left - room.right;
    const share = (event.clientX - stage.getBoundingClientRect().left - room.left) / inner;
    const index = Math.floor(share * ats.length);
    tip.hidden = share < 0 || index >= ats.length;
    if (tip.hidden) return;
    const shown = lines.filter(({ values }) => values[index] !== undefined);
    tip.replaceChildren(
      element("time", {}, clockTime(ats[index])),
      ...shown.map(({ name, tone, values }) =>
        element("span", { "data-tone": tone }, `${name} ${unit(values[index])}`),
      ),
    );
    const x = room.left + ((index + 0.5) / ats.length) * inner;
    tip.style.left = `${besides(x, tip.offsetWidth, drawnWidth)}px`;
  }

  stage.addEventListener("pointermove", point);
  stage.addEventListener("pointerleave", () => {
    tip.hidden = true;
  });
  new ResizeObserver(() => {
    if (Math.floor(stage.clientWidth) !== drawnWidth) draw();
  }).observe(stage);

  return {
    node,
    /** @param {Drawing} wanted */
    show(wanted) {
      drawing = wanted;
      title.textContent = wanted.title;
      note.textContent = wanted.note ?? "";
      const named = wanted.isNamed || wanted.lines.length > 1 ? wanted.lines : [];
      legend.replaceChildren(
        ...named.map(({ name, tone }) => element("li", { "data-tone": tone }, name)),
      );
      draw();
    },
  };
}

/** To the right of a place where there is room for it, else to its left, and never beyond the drawing. */
function besides(x, width, drawn) {
  const gap = 10;
  if (x + gap + width <= drawn) return x + gap;
  return Math.max(0, Math.min(x - gap - width, drawn - width));
}

/** A round number at or above the highest value, in halves that are round, too. */
export function roundTop(highest) {
  if (highest <= 2) return 2;
  const size = 10 ** Math.floor(Math.log10(highest));
  return [1, 2, 4, 6, 8, 10].map((times) => times * size).find((top) => top >= highest);
}

function highestOf({ form, ats, lines }) {
  const at = (index) => lines.map(({ values }) => values[index] ?? 0);
  const heights = ats.map((_, index) =>
    form === "bars" ? at(index).reduce((sum, value) => sum + value, 0) : Math.max(0, ...at(index)),
  );
  return Math.max(0, ...heights);
}

function picture(drawing, width) {
  const { ats, lines, form, unit, title, empty } = drawing;
  const highest = highestOf(drawing);
  const top = roundTop(highest);
  const inner = { width: width - room.left - room.right, height: height - room.top - room.bottom };
  const y = (value) => room.top + inner.height * (1 - value / top);
  const step = inner.width / ats.length;
  const x = (index) => room.left + step * index;
  const marks = form === "bars" ? bars(drawing, { x, y, step }) : curves(lines, { x, y, step });
  const said = highest === 0 ? empty : `highest ${unit(highest)}`;
  return svg(
    "svg",
    {
      width,
      height,
      viewBox: `0 0 ${width} ${height}`,
      role: "img",
      "aria-label": `${title}: ${said}`,
    },
    ...(highest === 0 ? [0] : [0, top / 2, top]).flatMap((value) =>
      level(value, { y, width, unit, isEmpty: highest === 0 }),
    ),
    ...hours(ats, { x, width }),
    ...marks,
    ...(highest === 0
      ? [label(room.left + inner.width / 2, room.top + inner.height / 2, empty, "middle")]
      : []),
  );
}

const label = (x, y, text, anchor) => {
  const node = svg("text", { x, y, "text-anchor": anchor, class: "chart-word" });
  node.textContent = text;
  return node;
};

function level(value, { y, width, unit, isEmpty }) {
  const at = Math.round(y(value)) + 0.5;
  const line = svg("line", {
    class: value === 0 ? "chart-base" : "chart-level",
    x1: room.left,
    x2: width - room.right,
    y1: at,
    y2: at,
  });
  return isEmpty ? [line] : [line, label(room.left - 8, at + 4, unit(value), "end")];
}

/** The clock below: as many words as have room. */
function hours(ats, { x, width }) {
  const spanMs = (ats.at(-1) ?? 0) - (ats[0] ?? 0);
  const everyMs = [5, 10, 15, 30, 60, 120].map((minutes) => minutes * 60_000);
  const most = Math.max(2, Math.floor(width / 80));
  const every = everyMs.find((each) => spanMs / each <= most) ?? everyMs.at(-1);
  return ats.flatMap((at, index) => {
    const isWhole = new Date(at).getMinutes() % Math.min(60, every / 60_000) === 0;
    const isHour = every <= 3_600_000 || new Date(at).getHours() % (every / 3_600_000) === 0;
    const fits = x(index) > room.left + 12 && x(index) < width - 24;
    if (!isWhole || !isHour || !fits) return [];
    return [label(Math.round(x(index)), height - 5, clockTime(at), "middle")];
  });
}

function bars({ ats, lines }, { x, y, step }) {
  const gap = step > 6 ? 1.5 : 0.5;
  return ats.flatMap((_, index) => {
    let below = 0;
    return lines.flatMap(({ tone, values }) => {
      const value = values[index] ?? 0;
      if (value === 0) return [];
      const [foot, head] = [y(below), y(below + value)];
      below += value;
      const size = { width: Math.max(1, step - gap), height: Math.max(1, foot - head) };
      return [
        svg("rect", {
          class: "chart-bar",
          "data-tone": tone,
          x: x(index),
          y: head,
          rx: 1,
          ...size,
        }),
      ];
    });
  });
}

/** A value that has no neighbour is a dot. */
function curves(lines, { x, y, step }) {
  return lines.flatMap(({ tone, values }) => {
    const runs = [];
    let open;
    values.forEach((value, index) => {
      if (value === undefined) open = undefined;
      else {
        if (!open) runs.push((open = []));
        open.push([x(index) + step / 2, y(value)]);
      }
    });
    return runs.map((run) =>
      run.length === 1
        ? svg("circle", {
            class: "chart-dot",
            "data-tone": tone,
            cx: run[0][0],
            cy: run[0][1],
            r: 2,
          })
        : svg("path", {
            class: "chart-line",
            "data-tone": tone,
            d: run
              .map(([px, py], at) => `${at === 0 ? "M" : "L"}${px.toFixed(1)} ${py.toFixed(1)}`)
              .join(""),
          }),
    );
  });
}

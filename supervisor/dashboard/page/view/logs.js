import { clockTimeWithSeconds } from "../../../sandbox/page/model/time.js";
import { element } from "../../../sandbox/page/view/dom.js";
import { askSince, fits, unknownOf } from "../model/log-lines.js";

const everyMs = 1500;
const readAtMost = 1000;
const keptLines = 4000;
const forgottenAtOnce = 500;
const nearEnd = 40;

function row(line) {
  const node = element(
    "li",
    { "data-level": line.level },
    element("time", {}, clockTimeWithSeconds(line.at)),
    element("span", { class: "log-level" }, line.level),
    element("span", { class: "log-text" }, line.text),
  );
  return { line, node };
}

/**
 * The end of one log, followed while it is seen.
 *
 * @param {(question: { name: string, since?: number, lines: number }) => Promise<{ lines: object[] }>} read
 */
export function createLogs(read) {
  const level = element(
    "select",
    { "aria-label": "How urgent", onchange: redraw },
    ...["debug", "info", "warn", "error"].map((name) => element("option", { value: name }, name)),
  );
  level.value = "info";
  const words = element("input", {
    type: "search",
    placeholder: "Filter",
    "aria-label": "Filter the log",
    autocomplete: "off",
    oninput: redraw,
  });
  const list = element("ol", { class: "log-list" });
  const empty = element("p", { class: "hint" });
  const stage = element(
    "div",
    { class: "log-stage", tabindex: "0", "aria-label": "Log" },
    empty,
    list,
  );
  const toEnd = element("button", { type: "button", class: "log-end", hidden: true }, "Newest");
  const node = element(
    "section",
    { class: "logs" },
    element("div", { class: "log-tools" }, level, words),
    stage,
    toEnd,
  );
  let name;
  let lines = [];
  let drawn = [];
  let timer;
  let generation = 0;

  const atEnd = () => stage.scrollHeight - stage.scrollTop - stage.clientHeight < nearEnd;

  /** Adds what is new at the end, and drops at the start what is kept no more. */
  function draw() {
    const wasAtEnd = atEnd();
    const filter = { level: level.value, words: words.value.trim() };
    const shown = lines.filter((line) => fits(line, filter));
    while (drawn.length > 0 && drawn[0].line !== shown[0]) drawn.shift().node.remove();
    const fresh = shown.slice(drawn.length).map(row);
    list.append(...fresh.map(({ node: item }) => item));
    drawn.push(...fresh);
    empty.hidden = shown.length > 0;
    empty.textContent =
      lines.length > 0 ? "Nothing here fits the filter." : "Nothing is logged yet.";
    if (wasAtEnd) stage.scrollTop = stage.scrollHeight;
    toEnd.hidden = atEnd();
  }

  function redraw() {
    for (const each of drawn) each.node.remove();
    drawn = [];
    draw();
    stage.scrollTop = stage.scrollHeight;
  }

  async function readOn() {
    const mine = generation;
    try {
      const since = askSince(lines);
      const answer = await read({ name, lines: readAtMost, ...(since && { since }) });
      if (mine !== generation) return;
      const fresh = unknownOf(answer.lines, lines);
      lines.push(...fresh);
      if (lines.length > keptLines) lines.splice(0, lines.length - keptLines + forgottenAtOnce);
      draw();
    } catch {
      // The connection's own sign tells of a supervisor that is gone; the log goes on when it is back.
    }
    if (mine === generation) timer = setTimeout(() => void readOn(), everyMs);
  }

  /** Follows the log of a bot, or of the supervisor; undefined: nobody looks. */
  function follow(wanted) {
    if (wanted === name) return;
    clearTimeout(timer);
    generation += 1;
    name = wanted;
    lines = [];
    redraw();
    empty.hidden = true;
    if (name !== undefined) void readOn();
  }

  stage.addEventListener("scroll", () => {
    toEnd.hidden = atEnd();
  });
  toEnd.addEventListener("click", () => {
    stage.scrollTop = stage.scrollHeight;
    stage.focus();
  });
  return { node, follow };
}

import { clockTimeWithSeconds } from "../../../sandbox/page/model/time.js";
import { element } from "../../../sandbox/page/view/dom.js";
import { fits, takeLines } from "../model/log-lines.js";

const everyMs = 1500;
const keptEntries = 4000;
const forgottenAtOnce = 500;
const nearEnd = 40;

function line(entry) {
  const node = element(
    "li",
    { "data-level": entry.level },
    element("time", {}, entry.atMs === undefined ? "" : clockTimeWithSeconds(entry.atMs)),
    element("span", { class: "log-level" }, entry.level),
    element("span", { class: "log-text" }, entry.text),
  );
  return { entry, node, text: entry.text };
}

/**
 * The end of one log, followed while it is seen.
 *
 * @param {(name: string, after?: string) => Promise<{ lines: string[], next: string, cut: boolean }>} read
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
  let place;
  let entries = [];
  let drawn = [];
  let timer;
  let generation = 0;

  const atEnd = () => stage.scrollHeight - stage.scrollTop - stage.clientHeight < nearEnd;

  /** Adds what is new at the end; an entry that has grown is drawn anew. */
  function draw() {
    const wasAtEnd = atEnd();
    const filter = { level: level.value, words: words.value.trim() };
    const shown = entries.filter((entry) => fits(entry, filter));
    const first = shown[0];
    while (drawn.length > 0 && drawn[0].entry !== first) drawn.shift().node.remove();
    const last = drawn.at(-1);
    if (last && last.entry.text !== last.text) drawn.pop().node.remove();
    const fresh = shown.slice(drawn.length).map(line);
    list.append(...fresh.map((each) => each.node));
    drawn.push(...fresh);
    empty.hidden = shown.length > 0;
    empty.textContent =
      entries.length > 0 ? "Nothing here fits the filter." : "Nothing is logged yet.";
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
      const answer = await read(name, place);
      if (mine !== generation) return;
      if (answer.cut) entries = [];
      if (answer.cut) redraw();
      place = answer.next;
      takeLines(answer.lines, entries);
      if (entries.length > keptEntries)
        entries.splice(0, entries.length - keptEntries + forgottenAtOnce);
      if (answer.lines.length > 0 || entries.length === 0) draw();
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
    place = undefined;
    entries = [];
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

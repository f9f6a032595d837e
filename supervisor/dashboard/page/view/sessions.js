import { byId, element, reconcile } from "../../../sandbox/page/view/dom.js";
import { count, dollars, span } from "../model/words.js";

/** `created` says nothing to somebody who looks from outside. */
const words = { created: "new", active: "works", idle: "idle", suspended: "sleeps" };
const tones = { active: "busy", idle: "good" };

const placeOf = ({ chatId, topicId }) =>
  topicId === undefined ? `chat ${chatId}` : `chat ${chatId}, topic ${topicId}`;

/** What a narrow window has no columns for. */
function restOf({ pid, waiting, costUsd }) {
  const parts = [
    pid !== undefined && `process ${pid}`,
    waiting > 0 && `${count(waiting)} waiting`,
    costUsd > 0 && dollars(costUsd),
  ];
  return parts.filter(Boolean).join(", ");
}

const number = (text) => element("td", { class: "cell-number" }, text);

function row(session, nowMs) {
  const { bot, name, conversation, agent, model, status, pid, waiting, lastActiveAt } = session;
  return element(
    "tr",
    { "data-session": name, "data-tone": tones[status] ?? "off" },
    element(
      "th",
      { scope: "row" },
      element("span", {
        class: "light",
        "data-tone": tones[status] ?? "off",
        "aria-hidden": "true",
      }),
      element("span", { class: "session-name" }, name),
      element("span", { class: "state-why" }, `${bot}, ${placeOf(conversation)}`),
    ),
    element(
      "td",
      { class: "cell-state" },
      element("span", { class: "state-words" }, words[status] ?? status),
      element("span", { class: "state-why" }, `${span(nowMs - lastActiveAt)} ago`),
    ),
    element(
      "td",
      { class: "cell-agent" },
      element("span", {}, agent),
      element("span", { class: "state-why" }, model ?? "its own model"),
      element("span", { class: "state-why session-rest" }, restOf(session)),
    ),
    number(pid === undefined ? "–" : String(pid)),
    number(count(waiting)),
    number(count(session.turns)),
    number(dollars(session.costUsd)),
  );
}

/** What the agents work on: filled anew where something differs. */
export function renderSessions({ total, sessions }, nowMs) {
  reconcile(
    byId("sessions"),
    sessions.map((session) => ({
      key: `${session.bot}/${session.id}`,
      signature: JSON.stringify([session, span(nowMs - session.lastActiveAt)]),
      build: () => row(session, nowMs),
    })),
  );
  byId("sessions-table").hidden = sessions.length === 0;
  const note = byId("sessions-note");
  note.hidden = sessions.length > 0 && total <= sessions.length;
  note.textContent =
    sessions.length === 0
      ? "None. Write /new and a name to main, then talk to its agent."
      : `${count(total - sessions.length)} older ones not shown.`;
}

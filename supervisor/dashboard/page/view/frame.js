import { byId } from "../../../sandbox/page/view/dom.js";
import { span } from "../model/words.js";
import { setAttribute, setText } from "./live.js";

const views = ["fleet", "bot", "chat", "sessions", "logs", "letters"];
const connectionWords = {
  connecting: "connecting",
  live: "live",
  lost: "reconnecting",
  locked: "locked",
};

/** Which view the address means: `#/bot/treasury` is the one of that bot. */
export function readAddress(hash) {
  const [, view = "", detail] = /^#\/([a-z]*)(?:\/([\w-]+))?$/.exec(hash) ?? [];
  if (view === "bot" && detail !== undefined) return { view, detail };
  return ["chat", "sessions", "logs", "letters"].includes(view)
    ? { view, detail }
    : { view: "fleet" };
}

/** Whether what is shown is true now, and how many dead letters wait. */
function renderSigns({ fleet, nowMs }, letterCount) {
  const { connection, lostAt } = fleet;
  const sign = byId("connection");
  setAttribute(sign, "data-state", connection === "locked" ? "lost" : connection);
  setText(sign, connectionWords[connection]);
  setAttribute(document.body, "data-stale", connection !== "live" && fleet.picture !== undefined);
  const notice = byId("notice");
  notice.hidden = connection === "live" || lostAt === undefined;
  if (!notice.hidden) {
    setText(
      notice,
      connection === "locked"
        ? "This page's key is no longer valid: the supervisor was restarted, or a week is over. Open the address that `npx tg-supervisor page` prints."
        : `The supervisor has not answered for ${span(nowMs - lostAt)}. What you see is from before.`,
    );
  }
  const badge = byId("letter-count");
  badge.hidden = letterCount === 0;
  setText(badge, String(letterCount));
}

/** What stands around every view: where the reader is, whether the picture is live. */
export function createFrame() {
  let shown;

  function show({ view }) {
    if (shown === view) return;
    shown = view;
    for (const name of views) byId(`view-${name}`).hidden = name !== view;
    for (const link of document.querySelectorAll(".nav a")) {
      const isHere = link.dataset.view === (view === "bot" ? "fleet" : view);
      setAttribute(link, "aria-current", isHere && "page");
    }
  }

  for (const button of document.querySelectorAll("[data-close]"))
    button.addEventListener("click", () => button.closest("dialog").close());
  return { show, render: renderSigns };
}

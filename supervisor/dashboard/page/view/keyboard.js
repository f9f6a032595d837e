import { byId } from "../../../sandbox/page/view/dom.js";

const places = { 1: "#/", 2: "#/chat", 3: "#/sessions", 4: "#/logs", 5: "#/letters" };

function focusFilter() {
  [...document.querySelectorAll(".log-tools input")].find((field) => field.offsetParent)?.focus();
}

/**
 * One key does one thing, while nobody types.
 *
 * @param {{ move: (step: number) => void, restart: () => void }} actions
 */
export function createKeyboard({ move, restart }) {
  const dialog = byId("shortcuts-dialog");
  const showKeys = () => dialog.showModal();
  const byKey = {
    j: () => move(1),
    k: () => move(-1),
    r: restart,
    "?": showKeys,
    "/": focusFilter,
    Escape: () => {
      if (location.hash.startsWith("#/bot/")) location.hash = "#/";
    },
  };

  addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open]"))
      return;
    const isTyping = /^(INPUT|TEXTAREA|SELECT)$/.test(document.activeElement?.tagName ?? "");
    if (isTyping) {
      if (event.key === "Escape") document.activeElement.blur();
      return;
    }
    const place = places[event.key];
    if (place !== undefined) location.hash = place;
    else if (Object.hasOwn(byKey, event.key)) byKey[event.key]();
    else return;
    event.preventDefault();
  });
  byId("shortcuts").addEventListener("click", showKeys);
}

import { byId, element } from "./dom.js";

const shownMs = 4500;

/** Shows a sentence for a few seconds, or until the next one. */
export function toast(text, kind = "plain") {
  const note = element("div", { class: `toast ${kind}` }, text);
  byId("toasts").replaceChildren(note);
  setTimeout(() => note.remove(), shownMs);
}

/** Shows a sentence that waits for an OK. */
export function alertBox(title, text) {
  byId("alert-title").textContent = title;
  byId("alert-text").textContent = text;
  byId("alert-dialog").showModal();
}

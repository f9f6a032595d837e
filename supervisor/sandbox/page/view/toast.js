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

/** Asks before something that cannot be taken back. @returns {Promise<boolean>} */
export function confirmBox(title, text, yes) {
  const dialog = byId("confirm-dialog");
  byId("confirm-title").textContent = title;
  byId("confirm-text").textContent = text;
  byId("confirm-yes").textContent = yes;
  dialog.returnValue = "";
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => resolve(dialog.returnValue === "yes"), { once: true });
  });
}

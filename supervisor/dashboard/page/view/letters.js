import { clockTime, listStamp } from "../../../sandbox/page/model/time.js";
import { element, icon, reconcile } from "../../../sandbox/page/view/dom.js";
import { plural } from "../model/words.js";

/**
 * Updates that bots gave up, each with what can be done about it.
 *
 * @param {{ letter: (order: "retry" | "drop", letter: object) => Promise<void> }} actions
 */
export function createLetters(actions) {
  const list = element("ul", { class: "letters" });
  const empty = element("p", { class: "letters-empty hint" });
  const node = element("div", {}, empty, list);

  function button(order, words, picture, letter) {
    const label = `${words}: update ${letter.updateId} of ${letter.bot}`;
    const onclick = () => void actions.letter(order, letter);
    const attributes = { type: "button", class: "order", "aria-label": label, onclick };
    // Only a running bot can do either.
    attributes.disabled = letter.state !== "ready";
    return element("button", attributes, icon(picture), element("span", {}, words));
  }

  function item(letter, nowMs) {
    const { bot, updateId, conversation, givenUpAt, attempts, error } = letter;
    return element(
      "li",
      { class: "letter" },
      element(
        "div",
        { class: "letter-text" },
        element(
          "p",
          { class: "letter-top" },
          element("a", { href: `#/bot/${bot}`, class: "bot-name" }, bot),
          element("span", {}, `update ${updateId}, conversation ${conversation}`),
        ),
        element("p", { class: "letter-error" }, error),
        element(
          "p",
          { class: "state-why" },
          `given up ${listStamp(givenUpAt, nowMs)} at ${clockTime(givenUpAt)} after ${plural(attempts, "attempt")}`,
        ),
      ),
      element(
        "div",
        { class: "letter-orders" },
        button("retry", "Try again", "again", letter),
        button("drop", "Drop", "bin", letter),
      ),
    );
  }

  /** @param {object[]} letters @param {number} total there may be more than are shown */
  function render(letters, total, nowMs) {
    reconcile(
      list,
      letters.map((letter) => ({
        key: `${letter.bot}/${letter.seq}`,
        signature: JSON.stringify(letter),
        build: () => item(letter, nowMs),
      })),
    );
    empty.hidden = letters.length > 0 && total <= letters.length;
    empty.textContent =
      total > letters.length
        ? `${plural(total - letters.length, "older one")} not shown.`
        : "None. An update that fails five times would wait here for a decision.";
  }
  return { node, render };
}

import { element, icon } from "../../../sandbox/page/view/dom.js";
import { ordersFor } from "../model/fleet.js";
import { setAttribute } from "./live.js";

const words = { start: "Start", restart: "Restart", stop: "Stop" };

/**
 * Start, restart and stop of one bot. The buttons stay where they are and only what makes sense now can be pressed.
 *
 * @param {string} name
 * @param {{ order: (order: string, name: string) => Promise<void> }} actions
 * @param {{ withWords: boolean }} form
 */
export function createOrderButtons(name, actions, { withWords }) {
  let waiting;
  let shown;
  const buttons = Object.keys(words).map((order) => {
    const label = `${words[order]} ${name}`;
    const button = element(
      "button",
      {
        type: "button",
        class: withWords ? "order" : "icon-button small order",
        "data-order": order,
        title: label,
        "aria-label": label,
        onclick: () => void give(order),
      },
      icon(order === "start" ? "play" : order === "stop" ? "halt" : "again"),
      withWords && element("span", {}, words[order]),
    );
    return button;
  });

  async function give(order) {
    waiting = order;
    update(shown);
    await actions.order(order, name);
    waiting = undefined;
    update(shown);
  }

  function update(bot) {
    shown = bot;
    const possible = ordersFor(bot);
    for (const button of buttons) {
      const { order } = button.dataset;
      button.hidden = !possible.includes(order);
      setAttribute(button, "aria-busy", waiting === order && "true");
      button.disabled = waiting !== undefined;
    }
  }
  return { nodes: buttons, update };
}

import { byId } from "./dom.js";

const choices = ["auto", "light", "dark"];
const spoken = { auto: "as the system", light: "light", dark: "dark" };

/** What the page remembers between visits. Without storage (a private window) it just forgets. */
export const memory = {
  get(name) {
    try {
      return localStorage.getItem(`sandbox.${name}`) ?? undefined;
    } catch {
      return undefined;
    }
  },
  set(name, value) {
    try {
      localStorage.setItem(`sandbox.${name}`, value);
    } catch {
      // Only the next visit would have used it.
    }
  },
};

/** Light, dark, or as the system says: the button goes round. */
export function startTheme() {
  const button = byId("theme");
  let choice = choices.includes(memory.get("theme")) ? memory.get("theme") : "auto";

  function show() {
    document.documentElement.dataset.theme = choice;
    const label = `Colours: ${spoken[choice]}`;
    button.title = label;
    button.setAttribute("aria-label", label);
    button.querySelector("use").setAttribute("href", `#icon-${choice}`);
  }

  button.addEventListener("click", () => {
    choice = choices[(choices.indexOf(choice) + 1) % choices.length];
    memory.set("theme", choice);
    show();
  });
  // The same page in another tab, or around this one.
  addEventListener("storage", ({ key }) => {
    const told = memory.get("theme");
    if (key !== "sandbox.theme" || !choices.includes(told)) return;
    choice = told;
    show();
  });
  show();
}

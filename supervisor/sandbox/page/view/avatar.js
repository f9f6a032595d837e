import { initials } from "../model/conversations.js";
import { element, icon } from "./dom.js";

/** What a bot's polling figures mean, in one word for the dot and one sentence for people. */
export function pollingState(figures) {
  if (!figures) return { state: "unknown", text: "no word about polling yet" };
  if (figures.overlappingPolls > 0)
    return { state: "overlap", text: `${figures.overlappingPolls} overlapping polls seen` };
  if (figures.parked || figures.openPolls > 0)
    return { state: "polling", text: "polling, waits for updates" };
  if (figures.getUpdatesCalls > 0)
    return { state: "quiet", text: "has polled, is not polling now" };
  return { state: "quiet", text: "does not poll" };
}

/** A disc of one of the seven colours with initials; with a dot that tells whether the bot polls, where there is one. */
export function avatar(colour, name, { polling, picture, small } = {}) {
  return element(
    "span",
    {
      class: small ? "avatar small" : "avatar",
      "data-colour": colour,
      "aria-hidden": "true",
    },
    picture ? icon(picture) : initials(name),
    polling && element("span", { class: "dot", "data-state": polling.state, title: polling.text }),
  );
}

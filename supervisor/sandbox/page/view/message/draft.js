import { element, icon } from "../dom.js";
import { richBlocks } from "./rich-blocks.js";
import { richText } from "./rich-text.js";

const dots = () =>
  element("span", { class: "dots", "aria-hidden": "true" }, ...[0, 1, 2].map(() => element("i")));

function words(draft, actions) {
  if (draft.rich_message)
    return element(
      "div",
      { class: "content rich" },
      ...richBlocks(draft.rich_message.blocks, actions),
    );
  if (!draft.text) return element("span", { class: "thinking" }, dots(), "Thinking…");
  return element(
    "div",
    { class: "content", dir: "auto" },
    ...richText(draft.text, draft.entities, actions.say),
  );
}

/**
 * A message that a bot is still writing: its words so far, and below them, apart, the button that stops it. The words
 * are built anew with every draft; a press of the button must not be lost to that.
 */
export function draftItems(draft, { name, actions }) {
  const key = `draft-${draft.bot}`;
  const { draft_id, can_stop } = draft;
  const bubble = {
    key,
    signature: JSON.stringify([draft_id, draft.text, draft.entities, draft.rich_message]),
    build: () =>
      element(
        "article",
        { class: "message first last draft", "aria-label": `${name} is writing` },
        element(
          "div",
          { class: "stack" },
          element("div", { class: "bubble" }, words(draft, actions)),
        ),
      ),
  };
  if (!can_stop) return [bubble];
  const stop = {
    key: `${key}-stop`,
    signature: String(draft_id),
    build: () =>
      element(
        "div",
        { class: "draft-stop" },
        element(
          "button",
          { type: "button", class: "inline-button", onclick: () => actions.stop(draft_id) },
          icon("stop"),
          "Stop",
        ),
      ),
  };
  return [bubble, stop];
}

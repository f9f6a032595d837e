import { element } from "../dom.js";
import { link } from "./link.js";
import { spoiler } from "./rich-text.js";

const tags = {
  bold: "strong",
  italic: "em",
  underline: "u",
  strikethrough: "s",
  subscript: "sub",
  superscript: "sup",
  marked: "mark",
  code: "code",
};

/** Rich text as nodes: a string, a list of parts, or a part with a type. */
export function richInline(text, actions) {
  if (text === undefined || text === null) return [];
  if (typeof text === "string") return [text];
  if (Array.isArray(text)) return text.flatMap((part) => richInline(part, actions));
  return [inlineNode(text, richInline(text.text, actions), actions)];
}

function inlineNode(part, children, actions) {
  switch (part.type) {
    case "url":
      return link(part.url, children);
    case "email_address":
      return link(`mailto:${part.email_address}`, children);
    case "spoiler":
      return spoiler(children);
    case "mathematical_expression":
      return element("code", { class: "formula" }, part.expression);
    case "custom_emoji":
      return part.alternative_text;
    case "bot_command":
      return element(
        "button",
        { type: "button", class: "command", onclick: () => actions.say(part.bot_command) },
        ...children,
      );
    case "button":
      return element("span", { class: "rich-button" }, ...richInline(part.button?.text, actions));
    case "mention":
    case "text_mention":
    case "hashtag":
    case "cashtag":
      return element("span", { class: "mention" }, ...children);
    default:
      return element(tags[part.type] ?? "span", {}, ...children);
  }
}

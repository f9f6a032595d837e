import { plainText, segments } from "../../model/entities.js";
import { element } from "../dom.js";
import { link } from "./link.js";

const tags = {
  bold: "strong",
  italic: "em",
  underline: "u",
  strikethrough: "s",
  code: "code",
  blockquote: "blockquote",
  expandable_blockquote: "blockquote",
};

export function spoiler(children) {
  const hidden = element(
    "button",
    {
      type: "button",
      class: "spoiler",
      "aria-label": "Show the hidden text",
      onclick: () => hidden.replaceWith(element("span", { class: "spoiler-shown" }, ...children)),
    },
    ...children,
  );
  return hidden;
}

/**
 * Text with its entities as nodes.
 *
 * @param {string} text
 * @param {readonly object[]} [entities]
 * @param {(command: string) => void} onCommand runs when a command in the text is clicked
 */
export function richText(text, entities, onCommand) {
  return segments(text, entities).map((segment) => toNode(segment, onCommand));
}

function toNode(segment, onCommand) {
  if ("text" in segment) return segment.text;
  const { entity } = segment;
  const children = segment.children.map((child) => toNode(child, onCommand));
  const written = plainText(segment);
  switch (entity.type) {
    case "pre":
      return element(
        "pre",
        entity.language ? { "data-language": entity.language, tabIndex: 0 } : { tabIndex: 0 },
        element("code", {}, ...children),
      );
    case "bot_command":
      return element(
        "button",
        { type: "button", class: "command", onclick: () => onCommand(written) },
        ...children,
      );
    case "text_link":
      return link(entity.url, children);
    case "url":
      return link(written, children);
    case "email":
      return link(`mailto:${written}`, children);
    case "spoiler":
      return spoiler(children);
    case "mention":
    case "text_mention":
    case "hashtag":
    case "cashtag":
      return element("span", { class: "mention" }, ...children);
    default:
      return element(tags[entity.type] ?? "span", {}, ...children);
  }
}

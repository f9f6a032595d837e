import { element } from "../dom.js";
import { richInline } from "./rich-inline.js";

/** A rich message as nodes, from its typed blocks. */
export function richBlocks(blocks, actions) {
  return blocks.map((block) => blockNode(block, actions));
}

const inside = (blocks, actions) => richBlocks(blocks ?? [], actions);

function blockNode(block, actions) {
  const text = richInline(block.text, actions);
  switch (block.type) {
    case "heading":
      // A message is no chapter of the page: its headings stay out of the page's outline.
      return element(
        "p",
        { class: "rich-heading", role: "heading", "aria-level": 3, "data-size": block.size },
        ...text,
      );
    case "pre":
      return element(
        "pre",
        { "data-language": block.language, tabIndex: 0 },
        element("code", {}, ...text),
      );
    case "divider":
      return element("hr");
    case "mathematical_expression":
      return element("pre", { class: "formula", tabIndex: 0 }, block.expression);
    case "list":
      return list(block, actions);
    case "blockquote":
      return quote(inside(block.blocks, actions), block, actions);
    case "expandable_blockquote":
    case "pullquote":
      return quote(text, block, actions);
    case "table":
      return table(block, actions);
    case "details":
      return element(
        "details",
        { open: block.is_open === true },
        element("summary", {}, ...richInline(block.summary, actions)),
        ...inside(block.blocks, actions),
      );
    case "thinking":
      return element("p", { class: "thinking" }, ...text);
    case "footer":
      return element("p", { class: "rich-footer" }, ...text);
    case "anchor":
      return element("span", {});
    case "buttons":
      return element(
        "p",
        {},
        ...(block.buttons ?? []).map((button) =>
          element("span", { class: "rich-button" }, ...richInline(button.text, actions)),
        ),
      );
    case "paragraph":
      return element("p", {}, ...text);
    default:
      return element("p", { class: "rich-footer" }, `(${block.type})`, ...text);
  }
}

function quote(children, block, actions) {
  const credit = richInline(block.credit, actions);
  return element(
    "blockquote",
    {},
    ...children,
    credit.length > 0 && element("p", { class: "rich-footer" }, ...credit),
  );
}

function list(block, actions) {
  return element(
    "div",
    { class: "rich-list", role: "list" },
    ...block.items.map((item) =>
      element(
        "div",
        { class: "rich-item", role: "listitem" },
        item.has_checkbox
          ? element("input", {
              type: "checkbox",
              checked: item.is_checked === true,
              disabled: true,
              "aria-label": item.is_checked ? "done" : "to do",
            })
          : element("span", { class: "rich-label" }, item.label),
        element("div", {}, ...inside(item.blocks, actions)),
      ),
    ),
  );
}

function table(block, actions) {
  const rows = block.cells.map((row) =>
    element(
      "tr",
      {},
      ...row.map((cell) =>
        element(
          cell.is_header ? "th" : "td",
          { colSpan: cell.colspan ?? 1, rowSpan: cell.rowspan ?? 1, "data-align": cell.align },
          ...richInline(cell.text, actions),
        ),
      ),
    ),
  );
  const caption = richInline(block.caption, actions);
  return element(
    "div",
    { class: "rich-table", tabIndex: 0, role: "group", "aria-label": "Table" },
    element(
      "table",
      { class: block.is_striped ? "striped" : "" },
      caption.length > 0 && element("caption", {}, ...caption),
      element("tbody", {}, ...rows),
    ),
  );
}

/**
 * Builds an element. Strings among the children become text, never markup.
 *
 * @param {string} tag
 * @param {Record<string, any>} [properties] `class`, `data-*`, `aria-*`, `role` and the like are attributes,
 *   `on…` are listeners, everything else is a property; undefined and false leave a thing out
 * @param {...(Node | string | undefined | false)} children
 */
export function element(tag, properties = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (value === undefined || value === false) continue;
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (name in node && !name.includes("-")) node[name] = value;
    else node.setAttribute(name, value === true ? "" : String(value));
  }
  node.append(...children.filter((child) => child !== undefined && child !== false));
  return node;
}

/** The picture with this name from the sheet in index.html. */
export function icon(name) {
  const namespace = "http://www.w3.org/2000/svg";
  const picture = document.createElementNS(namespace, "svg");
  picture.setAttribute("class", "icon");
  picture.setAttribute("aria-hidden", "true");
  const use = document.createElementNS(namespace, "use");
  use.setAttribute("href", `#icon-${name}`);
  picture.append(use);
  return picture;
}

export const byId = (id) => document.getElementById(id);

const canFocus = "a[href], button, summary, [tabindex]";

/** Puts a new version of a node in the place of the old one; what had the focus in it has it again. */
function replace(old, fresh) {
  const at = old.contains(document.activeElement)
    ? [old, ...old.querySelectorAll(canFocus)].indexOf(document.activeElement)
    : -1;
  old.replaceWith(fresh);
  if (at >= 0) [fresh, ...fresh.querySelectorAll(canFocus)][at]?.focus();
}

/**
 * Makes the children of a node those of a list, keeping nodes whose key and content stay: focus, scroll position,
 * a click half made and what a screen reader has read already survive. A node that is new carries `data-fresh`.
 *
 * @param {Element} parent
 * @param {readonly { key: string, signature: string, build: () => HTMLElement }[]} wanted
 */
export function reconcile(parent, wanted) {
  const known = new Map([...parent.children].map((node) => [node.dataset.key, node]));
  const keys = new Set(wanted.map(({ key }) => key));
  for (const [key, node] of known) if (!keys.has(key)) node.remove();
  let at = parent.firstElementChild;
  for (const { key, signature, build } of wanted) {
    let node = known.get(key);
    if (node?.dataset.signature !== signature) {
      const fresh = build();
      fresh.dataset.key = key;
      fresh.dataset.signature = signature;
      if (node) {
        if (node === at) at = fresh;
        replace(node, fresh);
      } else fresh.dataset.fresh = "";
      node = fresh;
    }
    if (node === at) at = at.nextElementSibling;
    else parent.insertBefore(node, at);
  }
}

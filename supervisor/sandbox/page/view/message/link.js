import { safeAddress } from "../../model/entities.js";
import { element } from "../dom.js";

/** What a message links to; an address that could run something is shown as text alone. */
export function link(address, children) {
  const safe = safeAddress(address);
  if (!safe) return element("span", {}, ...children);
  return element("a", { href: safe, target: "_blank", rel: "noreferrer noopener" }, ...children);
}

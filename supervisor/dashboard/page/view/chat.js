import { byId } from "../../../sandbox/page/view/dom.js";

/** The sandbox's own page inside of this one: the same code, at the same address, so the same key. */
export function createChat() {
  const stage = byId("chat-frame");
  const missing = byId("chat-missing");
  let wanted;
  let window;

  /** @param {string | undefined} bot opens the private chat with it */
  function open(bot) {
    wanted = bot;
    if (window !== undefined && bot !== undefined) window.location.hash = `#/bot/${bot}`;
  }

  function render(picture) {
    if (picture === undefined) return;
    const hasSandbox = picture.sandboxUrl !== undefined;
    missing.hidden = hasSandbox;
    stage.hidden = !hasSandbox;
    if (!hasSandbox || window !== undefined) return;
    // Loaded when it is first looked at, and kept: a message half written survives a look at the fleet.
    // What the chat shows of itself elsewhere is not seen before its script has taken it away.
    stage.addEventListener("load", () => stage.removeAttribute("data-loading"), { once: true });
    stage.src = wanted === undefined ? "/chat" : `/chat#/bot/${wanted}`;
    window = stage.contentWindow;
  }
  return { open, render };
}

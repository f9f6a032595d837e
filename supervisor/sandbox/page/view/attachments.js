import { byteSize, canBePhoto, canBeVoice } from "../model/media.js";
import { byId, element, icon } from "./dom.js";
import { toast } from "./toast.js";

/** What the sandbox keeps of one file. */
const maxBytes = 50 * 2 ** 20;

const carriesFiles = (event) => event.dataTransfer?.types.includes("Files");

/** Files on their way into a message: chosen, pasted or dropped. `changed` is called when there are more or less. */
export function createAttachments(changed) {
  const bar = byId("attachments");
  const list = byId("attachment-list");
  const input = byId("attach-files");
  const asFiles = byId("as-files");
  const chat = byId("chat");
  let files = [];
  let previews = [];
  let isOpen = true;

  function render() {
    for (const address of previews) URL.revokeObjectURL(address);
    previews = [];
    bar.hidden = files.length === 0;
    byId("as-files-choice").hidden = !files.some((file) => canBePhoto(file) || canBeVoice(file));
    list.replaceChildren(...files.map(chip));
    changed();
  }

  function preview(file) {
    if (asFiles.checked || !canBePhoto(file))
      return element("span", { class: "file-icon" }, icon("file"));
    const address = URL.createObjectURL(file);
    previews.push(address);
    return element("img", { src: address, alt: "", width: 40, height: 40 });
  }

  function chip(file) {
    return element(
      "div",
      { class: "attachment-chip" },
      preview(file),
      element(
        "span",
        { class: "file-text" },
        element("span", { class: "file-name" }, file.name),
        element("span", { class: "file-size" }, byteSize(file.size)),
      ),
      element(
        "button",
        {
          type: "button",
          class: "icon-button small",
          "aria-label": `Do not send ${file.name}`,
          onclick: () => {
            files = files.filter((one) => one !== file);
            render();
          },
        },
        icon("close"),
      ),
    );
  }

  function add(chosen) {
    if (!isOpen) return;
    const fitting = chosen.filter(({ size }) => size > 0 && size <= maxBytes);
    if (fitting.length < chosen.length) toast("Files may have 1 byte to 50 MB", "error");
    files = [...files, ...fitting];
    render();
  }

  /** The files to send now, with how; afterwards none are left. */
  function take() {
    const taken = { files, asFiles: asFiles.checked };
    files = [];
    asFiles.checked = false;
    render();
    return taken;
  }

  byId("attach").addEventListener("click", () => input.click());
  asFiles.addEventListener("change", render);
  input.addEventListener("change", () => {
    add([...input.files]);
    input.value = "";
    byId("composer-text").focus();
  });
  byId("composer-text").addEventListener("paste", (event) => {
    const pasted = [...event.clipboardData.files];
    if (pasted.length === 0) return;
    event.preventDefault();
    add(pasted);
  });
  chat.addEventListener("dragover", (event) => {
    if (!carriesFiles(event)) return;
    event.preventDefault();
    chat.classList.add("dropping");
  });
  chat.addEventListener("dragleave", (event) => {
    if (!chat.contains(event.relatedTarget)) chat.classList.remove("dropping");
  });
  chat.addEventListener("drop", (event) => {
    chat.classList.remove("dropping");
    if (!carriesFiles(event)) return;
    event.preventDefault();
    add([...event.dataTransfer.files]);
  });

  return {
    take,
    count: () => files.length,
    /** Where nobody may write nothing can be attached. */
    allow(open) {
      isOpen = open;
      byId("attach").disabled = !open;
    },
  };
}

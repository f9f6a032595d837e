import { byteSize, fileAddress, largest } from "../../model/media.js";
import { element, icon } from "../dom.js";
import { toast } from "../toast.js";
import { blobAddress } from "./kept-files.js";

function photo(message) {
  const size = largest(message.photo);
  const picture = element("img", {
    alt: message.caption ?? "Photo",
    width: size.width,
    height: size.height,
    decoding: "async",
  });
  const link = element(
    "a",
    {
      class: message.has_media_spoiler ? "photo veiled" : "photo",
      target: "_blank",
      rel: "noreferrer noopener",
      "data-message": message.message_id,
      onclick: (event) => {
        // The first click on a hidden picture only shows it.
        if (!link.classList.contains("veiled")) return;
        event.preventDefault();
        link.classList.remove("veiled");
      },
    },
    picture,
  );
  const missing = () =>
    link.replaceWith(
      element("span", { class: "attachment" }, icon("clip"), "Photo, not kept any more"),
    );
  picture.addEventListener("error", missing);
  void (async () => {
    try {
      link.href = await blobAddress(fileAddress(size));
      picture.src = link.href;
    } catch {
      missing();
    }
  })();
  return link;
}

function file(message) {
  const { file_name: name = "File", file_size: bytes } = message.document;
  const path = fileAddress(message.document);
  async function save() {
    try {
      link.href = await blobAddress(path);
      link.click();
    } catch (error) {
      toast(error.message, "error");
    }
  }
  const link = element(
    "a",
    {
      class: "file",
      href: path,
      download: name,
      onclick(event) {
        if (link.protocol === "blob:") return;
        // The address alone opens nothing: what is behind it is fetched with the key, and then saved.
        event.preventDefault();
        void save();
      },
      title: `Save ${name}`,
      "data-message": message.message_id,
    },
    element("span", { class: "file-icon" }, icon("file")),
    element(
      "span",
      { class: "file-text" },
      element("span", { class: "file-name" }, name),
      element("span", { class: "file-size" }, byteSize(bytes)),
    ),
  );
  return link;
}

/**
 * What a message shows besides its words; undefined where there is nothing.
 *
 * @param {readonly object[]} album the message alone, or all of its album
 */
export function media(album) {
  const photos = album.filter((message) => message.photo?.length > 0).map(photo);
  const files = album.filter((message) => message.document !== undefined).map(file);
  if (photos.length + files.length === 0) return undefined;
  return element(
    "div",
    { class: "media" },
    photos.length > 0 &&
      element(
        "div",
        { class: photos.length > 1 ? "photos grid" : "photos", "data-count": photos.length },
        ...photos,
      ),
    ...files,
  );
}

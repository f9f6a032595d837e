import { byteSize, fileAddress, largest } from "../../model/media.js";
import { element, icon } from "../dom.js";

function photo(message) {
  const size = largest(message.photo);
  const address = fileAddress(size);
  const picture = element("img", {
    src: address,
    alt: message.caption ?? "Photo",
    width: size.width,
    height: size.height,
    decoding: "async",
  });
  const link = element(
    "a",
    {
      class: message.has_media_spoiler ? "photo veiled" : "photo",
      href: address,
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
  picture.addEventListener("error", () =>
    link.replaceWith(
      element("span", { class: "attachment" }, icon("clip"), "Photo, not kept any more"),
    ),
  );
  return link;
}

function file(message) {
  const { file_name: name = "File", file_size: bytes } = message.document;
  return element(
    "a",
    {
      class: "file",
      href: fileAddress(message.document),
      download: name,
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

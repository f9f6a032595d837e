import type { Inline } from "../document.ts";
import type { TextWriter } from "./text-writer.ts";

export function writeInline(writer: TextWriter, content: readonly Inline[], inLink = false): void {
  for (const inline of content) {
    switch (inline.kind) {
      case "text":
        writer.write(inline.text);
        break;
      case "break":
        writer.write("\n");
        break;
      case "code":
        // Telegram keeps one of a link and the code in it: the link says more.
        if (inLink) writer.write(inline.text);
        else writer.writeApart({ type: "code" }, inline.text);
        break;
      case "formula":
        writer.write(inline.source);
        break;
      case "style":
        writer.mark({ type: inline.style }, () => writeInline(writer, inline.children, inLink));
        break;
      case "link":
        writer.mark({ type: "text_link", url: inline.href }, () =>
          writeInline(writer, inline.children, true),
        );
    }
  }
}

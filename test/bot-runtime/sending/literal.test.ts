import { expect, it } from "vitest";
import { literal } from "../../../shared/bot-runtime/sending/literal.ts";
import { renderClassic } from "../../../shared/outbound/render/classic/render-classic.ts";
import { readMarkdown } from "../../../shared/outbound/render/markdown/read-markdown.ts";

it.each(["*a*", "_b_ _c_", "`x`", "$x$", "~~a~~", "<b>", "a|b", "# t", "\\(x\\)", "a\\"])(
  "shows %j as it is written",
  (text) => {
    expect(renderClassic(readMarkdown(`x ${literal(text)}`)).text).toBe(`x ${text}`);
  },
);

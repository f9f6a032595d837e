import { addDetails } from "./details-rule.ts";
import { addFormulas } from "./formula-rules.ts";
import { keepEverything } from "./keeping-rules.ts";
import { Markdown, type Token } from "./library.ts";

const md = new Markdown({ html: true, linkify: true });
// Blocks of HTML are paragraphs here: their tags stay visible, the Markdown between them is read.
md.disable("html_block");
// Only `scheme://` in the text is a link; bare domains and addresses are found by Telegram itself.
md.core.ruler.disable("linkify");
// Targets are judged once, in link-target.ts, and those refused stay readable.
md.validateLink = () => true;
md.normalizeLink = (url) => url;
md.normalizeLinkText = (url) => url;
md.use(keepEverything).use(addDetails).use(addFormulas);

const loneSurrogate = /\p{Surrogate}/gu;

/** The text that the tokens' lines (`Token.map`) count in. */
export function normalize(markdown: string): string {
  return markdown.replace(/\r\n?/g, "\n").replace(loneSurrogate, "\uFFFD");
}

/** The parser alone, as everything here uses it. */
export function parseTokens(markdown: string): Token[] {
  return md.parse(markdown, {});
}

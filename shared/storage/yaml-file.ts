import { type Document, isMap, LineCounter, parseDocument, stringify } from "yaml";
import type { z } from "zod";
import { ConfigurationError } from "../errors.ts";
import { redact } from "../redact.ts";
import { suggestKey } from "./key-suggestion.ts";
import { inPlainWords } from "./plain-words.ts";

interface Problem {
  /** Where in the text, in characters. */
  readonly offset: number;
  readonly text: string;
}

/**
 * The value of a YAML text, checked by a schema. An empty text is an empty map.
 * @throws ConfigurationError listing every problem as `file:line:column: key.path: what is wrong`
 */
export function parseYaml<Value>(text: string, schema: z.ZodType<Value>, fileName: string): Value {
  const lines = new LineCounter();
  // An unknown tag or an alias bomb is an error, not a warning on somebody's terminal.
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const syntax = [...document.errors, ...document.warnings];
  if (syntax.length > 0) {
    const problems = syntax.map((error) => ({ offset: error.pos[0], text: error.message }));
    throw refusal(problems, lines, fileName);
  }
  const checked = schema.safeParse(plainValue(document, fileName) ?? {}, { error: inPlainWords });
  if (checked.success) return checked.data;
  const problems = checked.error.issues.flatMap((issue) => problemsOf(issue, document, schema));
  throw refusal(problems, lines, fileName);
}

/** Block style, keys in the order given, no line folding: made for people and for `diff`. */
export function stringifyYaml(value: unknown): string {
  return stringify(value, { lineWidth: 0 });
}

function plainValue(document: Document.Parsed, fileName: string): unknown {
  try {
    return document.toJS({ maxAliasCount: 100 });
  } catch (error) {
    throw new ConfigurationError(
      `${fileName} uses too many aliases (*name). Write the values out.`,
      {
        cause: error,
      },
    );
  }
}

function problemsOf(
  issue: z.core.$ZodIssue,
  document: Document.Parsed,
  schema: z.ZodType,
): Problem[] {
  if (issue.code === "unrecognized_keys") {
    return issue.keys.map((key) => {
      const meant = suggestKey(schema, issue.path, key);
      return {
        offset: offsetOf(document, [...issue.path, key]),
        text: `${keyPath([...issue.path, key])}: unknown key${meant === undefined ? "" : `, did you mean "${meant}"?`}`,
      };
    });
  }
  const detail =
    issue.code === "invalid_key" || issue.code === "invalid_union"
      ? innerMessages(issue)
      : undefined;
  const where = issue.path.length === 0 ? "" : `${keyPath(issue.path)}: `;
  return [{ offset: offsetOf(document, issue.path), text: `${where}${detail ?? issue.message}` }];
}

/** zod says only "Invalid key" or "Invalid input" here; the reason stands one level deeper. */
function innerMessages(
  issue: z.core.$ZodIssueInvalidKey | z.core.$ZodIssueInvalidUnion,
): string | undefined {
  const inner = issue.code === "invalid_key" ? issue.issues : issue.errors.flat();
  const messages = new Set(inner.map(({ message }) => message));
  return messages.size === 0 ? undefined : [...messages].join(", or: ");
}

function keyPath(path: readonly PropertyKey[]): string {
  return path
    .map((step, index) =>
      typeof step === "number" ? `[${step}]` : `${index === 0 ? "" : "."}${String(step)}`,
    )
    .join("");
}

/** Where the key stands; for a key that is missing, where its parent does. */
function offsetOf(document: Document.Parsed, path: readonly PropertyKey[]): number {
  for (let length = path.length; length > 0; length -= 1) {
    const parent: unknown =
      length === 1 ? document.contents : document.getIn(path.slice(0, length - 1), true);
    const step = path[length - 1];
    const node: unknown = isMap(parent)
      ? parent.items.find(({ key }) => scalarText(key) === String(step))?.key
      : document.getIn(path.slice(0, length), true);
    const offset = startOf(node);
    if (offset !== undefined) return offset;
  }
  return startOf(document.contents) ?? 0;
}

function scalarText(node: unknown): string {
  const value = typeof node === "object" && node !== null && "value" in node ? node.value : node;
  return String(value);
}

function startOf(node: unknown): number | undefined {
  if (typeof node !== "object" || node === null || !("range" in node)) return undefined;
  return Array.isArray(node.range) && typeof node.range[0] === "number" ? node.range[0] : undefined;
}

function refusal(
  problems: readonly Problem[],
  lines: LineCounter,
  fileName: string,
): ConfigurationError {
  const listed = problems
    .toSorted((a, b) => a.offset - b.offset)
    .map(({ offset, text }) => {
      const { line, col } = lines.linePos(offset);
      // A token written into the file by mistake must not reach a log through its error.
      return `${fileName}:${Math.max(line, 1)}:${Math.max(col, 1)}: ${redact(text)}`;
    });
  return new ConfigurationError(`${listed.join("\n")}\nCorrect ${fileName}, then try again.`);
}

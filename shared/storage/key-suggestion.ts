import { z } from "zod";

type JsonSchema = z.core.JSONSchema.JSONSchema;

/** The known key at `path` (of the parent) that somebody who wrote `key` most likely meant; undefined if none is near. */
export function suggestKey(
  schema: z.ZodType,
  path: readonly PropertyKey[],
  key: string,
): string | undefined {
  const known = knownKeys(schema, path).map((name) => ({ name, steps: editSteps(name, key) }));
  const nearest = known.toSorted((a, b) => a.steps - b.steps)[0];
  // A third of the letters: `webhok` means webhook, `port` does not mean bots.
  return nearest !== undefined && nearest.steps <= Math.max(1, Math.floor(key.length / 3))
    ? nearest.name
    : undefined;
}

function knownKeys(schema: z.ZodType, path: readonly PropertyKey[]): string[] {
  const root = z.toJSONSchema(schema, { io: "input", unrepresentable: "any", reused: "inline" });
  const places = path.reduce<JsonSchema[]>(
    (nodes, step) => nodes.flatMap((node) => below(node, step)),
    alternatives(root),
  );
  return places.flatMap((node) => Object.keys(node.properties ?? {}));
}

function below(node: JsonSchema, step: PropertyKey): JsonSchema[] {
  if (typeof step === "number") return childrenOf(node.items);
  return childrenOf(node.properties?.[String(step)] ?? node.additionalProperties);
}

function childrenOf(child: unknown): JsonSchema[] {
  return isSchema(child) ? alternatives(child) : [];
}

/** A place of a JSON schema may also hold `true`, `false` or a list. */
function isSchema(child: unknown): child is JsonSchema {
  return typeof child === "object" && child !== null && !Array.isArray(child);
}

/** An optional or nullable object is one of several alternatives. */
function alternatives(node: JsonSchema): JsonSchema[] {
  const inner = [...(node.anyOf ?? []), ...(node.oneOf ?? []), ...(node.allOf ?? [])];
  return [node, ...inner.flatMap(childrenOf)];
}

/** Levenshtein distance: letters to insert, delete or replace. */
function editSteps(a: string, b: string): number {
  let previous = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let row = 1; row <= a.length; row += 1) {
    const current = [row];
    for (let column = 1; column <= b.length; column += 1) {
      const replace = (previous[column - 1] ?? 0) + (a[row - 1] === b[column - 1] ? 0 : 1);
      current.push(Math.min(replace, (previous[column] ?? 0) + 1, (current[column - 1] ?? 0) + 1));
    }
    previous = current;
  }
  return previous[b.length] ?? 0;
}

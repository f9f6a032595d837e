import { AsyncLocalStorage } from "node:async_hooks";
import { createHash } from "node:crypto";
import type { TelegramCall } from "../queue/item.ts";
import { isStorable } from "../queue/stored-file.ts";

interface Scope {
  readonly name: string;
  readonly used: Map<string, number>;
}

const scopes = new AsyncLocalStorage<Scope>();

/**
 * What is sent while `run` works belongs to one cause, such as an update: if the cause is worked on again after a
 * crash, the same message is not sent again. "The same" is: method, parameters, and how many like it came before.
 * @param name the same for the same cause, and for nothing else (`update <bot id>/<update id>`)
 */
export function inAnswerScope<T>(name: string, run: () => T): T {
  return scopes.run({ name, used: new Map() }, run);
}

/** The id of an answer by its scope; undefined outside of any. */
export function answerIdInScope({ method, params }: TelegramCall): string | undefined {
  const scope = scopes.getStore();
  // Files of the library are too large to compare, and some cannot be read twice: such an answer has no id.
  if (scope === undefined || !isStorable(params)) return undefined;
  const content = `${method} ${JSON.stringify(params)}`;
  const digest = createHash("sha256").update(content).digest("base64url").slice(0, 16);
  const times = (scope.used.get(digest) ?? 0) + 1;
  scope.used.set(digest, times);
  return `${scope.name}/${digest}/${times}`;
}

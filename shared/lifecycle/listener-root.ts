import { isAbsolute, join, resolve } from "node:path";
import { UsageError } from "../errors.ts";

/** The name under which the supervisor itself listens; no bot may have it. */
export const supervisorListener = "supervisor";

const listenerName = /^[a-z][a-z0-9_-]{0,63}$/;

/** The folder of lease.yaml, state.yaml and history.md of one listener. */
export function listenerRoot(stateDir: string, name: string): string {
  return join(stateDir, "listeners", name);
}

/**
 * What a person typed after `listen` or `close`: a bot's name (or `supervisor`), or the path of a root. Whatever has
 * a separator or starts with a dot is a path, taken from `workingDir`.
 * @throws UsageError for what can be neither
 */
export function resolveListenerRoot(
  nameOrPath: string,
  { stateDir, workingDir }: { readonly stateDir: string; readonly workingDir: string },
): string {
  if (isAbsolute(nameOrPath) || nameOrPath.includes("/") || nameOrPath.startsWith("."))
    return resolve(workingDir, nameOrPath);
  if (listenerName.test(nameOrPath)) return resolve(workingDir, listenerRoot(stateDir, nameOrPath));
  throw new UsageError(
    `"${nameOrPath}" is neither the name of a bot nor a path. Give a name (lower-case letters, digits, _ or -), "${supervisorListener}", or the path of a listener's folder (with a / in it).`,
  );
}

/** What stands in a root. */
export interface ListenerPaths {
  readonly root: string;
  readonly lease: string;
  readonly state: string;
  readonly history: string;
}

export function listenerPaths(root: string): ListenerPaths {
  return {
    root,
    lease: join(root, "lease.yaml"),
    state: join(root, "state.yaml"),
    history: join(root, "history.md"),
  };
}

import { stat } from "node:fs/promises";
import type { Clock } from "../clock.ts";
import { OperationError, systemErrorCode } from "../errors.ts";
import { ListenerRecords } from "./listener-records.ts";
import type { Holder } from "./records/lease.ts";

export interface CloseListener {
  readonly root: string;
  /** Who closes, in words for the history. */
  readonly by: string;
  readonly clock: Clock;
}

export interface Closed {
  readonly result: "closed" | "already_closed";
  /** The process that listens or listened; undefined where only state.yaml is left. */
  readonly holder: Holder | undefined;
}

/**
 * Ends the lease from outside: the listener sees it and stops in order. Closing twice is calm and adds nothing.
 * @throws OperationError (exit 1) where nothing was ever started
 * @throws ConfigurationError (exit 78) for a damaged file, which is set aside
 */
export async function closeListener({ root, by, clock }: CloseListener): Promise<Closed> {
  if (!(await isFolder(root))) throw nothingStarted(root);
  return await ListenerRecords.exclusively(root, clock, async (records) => {
    const outcome = await records.apply({ type: "close", by });
    if (outcome.kind === "refused" && outcome.refusal === "not_started") throw nothingStarted(root);
    const result = outcome.kind === "refused" ? "already_closed" : "closed";
    return { result, holder: records.get().lease?.holder };
  });
}

async function isFolder(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory();
  } catch (error) {
    if (["ENOENT", "ENOTDIR"].includes(systemErrorCode(error) ?? "")) return false;
    throw error;
  }
}

function nothingStarted(root: string): OperationError {
  return new OperationError(
    `Nothing was started in ${root}: it has neither lease.yaml nor state.yaml. Look at the name, or at the folder of the state (TG_STATE_DIR).`,
  );
}

import { readdir, readFile, realpath, rm } from "node:fs/promises";
import { join } from "node:path";
import type { z } from "zod";
import type { Clock } from "../clock.ts";
import { ConfigurationError, OperationError, systemErrorCode } from "../errors.ts";
import { writeFileAtomic } from "../storage/atomic-file.ts";
import { setAside } from "../storage/set-aside.ts";
import { parseYaml, stringifyYaml } from "../storage/yaml-file.ts";
import { appendHistory } from "./history-file.ts";
import { type ListenerPaths, listenerPaths } from "./listener-root.ts";
import { historyEntry } from "./records/history.ts";
import { leaseSchema } from "./records/lease.ts";
import { listenerStateSchema } from "./records/listener-state.ts";
import { settle } from "./records/settle.ts";
import {
  applyEvent,
  type LifecycleEvent,
  type LifecycleRecords,
  type Outcome,
} from "./records/transitions.ts";
import { withRootLock } from "./root-lock.ts";

/** Editors do not save in one step: what is broken now may be whole a moment later. */
export const editorPauseMs = 200;

/** Readable for others, because `close` may be run by root; the folder lets nobody else in. */
const fileMode = 0o644;

const leaseHeading =
  "# Who listens here. Written by tg-supervisor, described in docs/lifecycle-files.md.\n# `status: inactive` stops the listener, whoever writes it.\n";
const stateHeading =
  "# What the listener does. Written by tg-supervisor, described in docs/lifecycle-files.md.\n";

/** The records of one root, held under its lock: they tell one story, and whatever is applied is saved at once. */
export class ListenerRecords {
  private current: LifecycleRecords;
  private readonly paths: ListenerPaths;
  private readonly clock: Clock;

  private constructor(paths: ListenerPaths, clock: Clock, records: LifecycleRecords) {
    this.paths = paths;
    this.clock = clock;
    this.current = records;
  }

  /**
   * Calls `work` while nobody else, in no other process either, changes this root.
   * @throws ConfigurationError for a damaged file, naming file, line and field; the file is set aside
   * @throws OperationError when another process keeps the lock for 10 s
   * @throws the system's error (`ENOENT` where the root does not exist)
   */
  static async exclusively<Result>(
    root: string,
    clock: Clock,
    work: (records: ListenerRecords) => Promise<Result>,
  ): Promise<Result> {
    const paths = listenerPaths(await realpath(root));
    return await withRootLock(paths.root, clock, async () => {
      const found: LifecycleRecords = {
        lease: await readOrSetAside(paths.lease, leaseSchema, clock),
        state: await readOrSetAside(paths.state, listenerStateSchema, clock),
      };
      const records = new ListenerRecords(paths, clock, found);
      await records.save(settle(found, records.now()));
      return await work(records);
    });
  }

  get(): LifecycleRecords {
    return this.current;
  }

  /**
   * The new records are on the disk, and their line in the history, when this resolves.
   * @param from the records with something else noted that is to be saved along; dropped with a refusal
   */
  async apply(event: LifecycleEvent, from: LifecycleRecords = this.current): Promise<Outcome> {
    const outcome = applyEvent(from, event, this.now());
    if (outcome.kind !== "refused") await this.save(outcome.records);
    return outcome;
  }

  /**
   * A process may die between any two of these writes; `settle` derives what is then missing. A start is the lease's
   * story, so it goes first; everything later is the state's. The history follows.
   */
  async save(next: LifecycleRecords): Promise<void> {
    const before = this.current;
    const lease = async (): Promise<void> => {
      if (next.lease === undefined || next.lease === before.lease) return;
      await write(this.paths.lease, leaseHeading, leaseSchema.parse(next.lease));
    };
    const state = async (): Promise<void> => {
      if (next.state === undefined || next.state === before.state) return;
      await write(this.paths.state, stateHeading, listenerStateSchema.parse(next.state));
    };
    const started = next.lease?.id !== before.lease?.id;
    for (const step of started ? [lease, state] : [state, lease]) await step();
    this.current = next;
    const entry = historyEntry(next);
    if (entry !== undefined)
      await appendHistory(this.paths.history, next.lease?.holder.label ?? this.paths.root, entry);
  }

  /** Drafts of writers that died; nobody else writes one now. */
  async sweepDrafts(): Promise<void> {
    for (const name of await readdir(this.paths.root))
      if (/^\.(lease\.yaml|state\.yaml|history\.md)\..*\.tmp$/.test(name))
        await rm(join(this.paths.root, name), { force: true });
  }

  private now(): string {
    return new Date(this.clock.now()).toISOString();
  }
}

/** What lease.yaml and state.yaml say at this moment, without the lock and without moving anything. */
export async function peekRecords(root: string): Promise<LifecycleRecords> {
  const paths = listenerPaths(root);
  return {
    lease: await readRecord(paths.lease, leaseSchema),
    state: await readRecord(paths.state, listenerStateSchema),
  };
}

async function readRecord<Value>(
  path: string,
  schema: z.ZodType<Value>,
): Promise<Value | undefined> {
  let text: string;
  try {
    text = await readFile(path, "utf8");
  } catch (error) {
    if (systemErrorCode(error) === "ENOENT") return undefined;
    throw new OperationError(
      `${path} cannot be read (${systemErrorCode(error) ?? String(error)}). Make it readable for this user.`,
      { cause: error },
    );
  }
  return parseYaml(text, schema, path);
}

async function readOrSetAside<Value>(
  path: string,
  schema: z.ZodType<Value>,
  clock: Clock,
): Promise<Value | undefined> {
  for (let attempt = 0; ; attempt += 1) {
    try {
      return await readRecord(path, schema);
    } catch (error) {
      if (!(error instanceof ConfigurationError)) throw error;
      if (attempt === 0) {
        await clock.sleep(editorPauseMs);
        continue;
      }
      const aside = await setAside(path, clock);
      throw new ConfigurationError(
        `${error.message}\nIt was set aside as ${aside}: correct it there and move it back, or leave it there to begin anew. A listener that ran on it ends itself.`,
        { cause: error },
      );
    }
  }
}

async function write(path: string, heading: string, value: unknown): Promise<void> {
  await writeFileAtomic(path, heading + stringifyYaml(value), { mode: fileMode });
}

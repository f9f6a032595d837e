import { setMaxListeners } from "node:events";
import { type Clock, systemClock } from "../../shared/clock.ts";
import { Gatekeeper } from "../../shared/http/gatekeeper.ts";
import { newKey } from "../../shared/http/key-file.ts";
import type { Log } from "../../shared/logger.ts";
import { writeFileAtomic } from "../../shared/storage/atomic-file.ts";
import { BotApi } from "./calls/bot-api.ts";
import { Journal } from "./calls/journal.ts";
import { DraftDesk } from "./drafts/draft-desk.ts";
import { type FrontDesk, receive } from "./entrance/front-desk.ts";
import { EventLog } from "./events/event-log.ts";
import { FaultTable } from "./faults/fault.ts";
import { RateModel } from "./faults/rate-model.ts";
import { folderPlace, memoryPlace } from "./files/file-place.ts";
import { FileStore } from "./files/file-store.ts";
import { listenOnLoopback } from "./http/loopback-server.ts";
import { BotSession } from "./methods/call/bot-session.ts";
import { Features } from "./methods/call/features.ts";
import { Counters } from "./persistence/counters.ts";
import { type Restored, SandboxFiles } from "./persistence/sandbox-files.ts";
import type { SavedState } from "./persistence/saved-state.ts";
import { Snapshots } from "./persistence/snapshots.ts";
import { Mailbox } from "./updates/mailbox.ts";
import { UserSide } from "./user-side/user-side.ts";
import { randomUpdateId } from "./world/identity.ts";
import { settle } from "./world/newcomer.ts";
import { World } from "./world/world.ts";

export interface SandboxOptions {
  /** Where chats, bots and counters are kept; without it they end with the sandbox. */
  readonly dir?: string;
  /** A loopback address; default 127.0.0.1. */
  readonly host?: string;
  /** Tried first; a free one if it is taken. 0 or none: any. */
  readonly port?: number;
  /** What the page and the user's side ask for; without it one that ends with the sandbox. */
  readonly key?: string;
  readonly clock?: Clock;
  readonly random?: () => number;
  readonly log: Log;
}

export interface SandboxBotAccess {
  readonly name: string;
  readonly id: number;
  readonly username: string;
  readonly token: string;
}

export interface Sandbox {
  /** `TELEGRAM_API_ROOT` for bots; the page is at its `/`. */
  readonly url: string;
  readonly port: number;
  /** To the page and the user's side: whoever has it speaks as the user and may read tokens. */
  readonly key: string;
  /** The user's side without HTTP, for tests in this process. */
  readonly user: UserSide;
  /** Finds or makes the bots; their tokens survive a kill from here on. */
  ensureBots(names: readonly string[]): Promise<readonly SandboxBotAccess[]>;
  /** Ends all connections, saves everything, leaves no timer. */
  close(): Promise<void>;
}

/**
 * Starts an embedded Bot API server with its user's side.
 * @throws ConfigurationError for a host beyond loopback, or files that cannot be read
 */
export async function startSandbox(options: SandboxOptions): Promise<Sandbox> {
  const { log, clock = systemClock, random = Math.random, key = newKey() } = options;
  const files = options.dir === undefined ? undefined : new SandboxFiles(options.dir);
  const restored: Restored = (await files?.restore(clock, log)) ?? { state: undefined, marks: {} };
  const core = createCore(restored, { clock, random, log, files });
  const closing = new AbortController();
  // Every delayed answer listens.
  setMaxListeners(0, closing.signal);
  const journal = new Journal();
  const faults = new FaultTable();
  const rates = new RateModel();
  const features = new Features();
  const { world, mailboxOf, events, uploads } = core;
  const drafts = new DraftDesk(clock, events);
  const user = new UserSide({
    world,
    mailboxOf,
    faults,
    rates,
    journal,
    features,
    drafts,
    files: uploads,
  });
  const sessions = new Map<number, BotSession>();
  const botApi = new BotApi({
    world,
    mailboxOf,
    sessionOf: (botId) => found(sessions, botId, () => new BotSession(clock)),
    faults,
    rates,
    journal,
    events,
    files: uploads,
    drafts,
    features,
    clock,
    log,
    closing: closing.signal,
  });
  const saved = (): Promise<void> => core.snapshots?.flush() ?? Promise.resolve();
  const now = (): number => clock.now();
  const gatekeeper = new Gatekeeper({ token: key, cookie: "tg_sandbox", clock });
  const desk: FrontDesk = {
    botApi,
    user,
    events,
    files: uploads,
    world,
    gatekeeper,
    log,
    now,
    port: 0,
    saved,
  };
  await saved();
  const server = await listenOnLoopback(
    (request, response) => void receive(desk, request, response),
    { host: options.host ?? "127.0.0.1", port: options.port ?? 0, log },
  );
  desk.port = server.port;
  return {
    url: server.url,
    port: server.port,
    key,
    user,
    async ensureBots(names) {
      const bots = names.map((name) => user.ensureBot(name));
      await saved();
      return bots.map(({ name, id, username, token }) => ({ name, id, username, token }));
    },
    async close() {
      closing.abort(new Error("The sandbox closes."));
      await server.close();
      drafts.close();
      core.close();
      await core.snapshots?.close();
      files?.saveMarks(core.counters.exact());
    },
  };
}

interface CoreOptions {
  readonly clock: Clock;
  readonly random: () => number;
  readonly log: Log;
  readonly files: SandboxFiles | undefined;
}

/** Everything that is remembered, wired to its files. */
function createCore({ state, marks }: Restored, { clock, random, log, files }: CoreOptions) {
  const counters = new Counters(files && ((next) => files.saveMarks(next)), marks);
  const events = new EventLog(() => clock.now());
  const mailboxes = new Map<number, Mailbox>();
  const savedMailboxes = new Map(state?.mailboxes);
  const mailboxOf = (botId: number): Mailbox =>
    found(mailboxes, botId, () => {
      const row = `updates:${botId}`;
      const ids = {
        next: () => counters.next(row, () => randomUpdateId(random)),
        jump: () => counters.jump(row, randomUpdateId(random)),
      };
      return new Mailbox(clock, ids, () => snapshots?.changed(), savedMailboxes.get(botId));
    });
  const uploads = new FileStore(
    files === undefined ? memoryPlace() : folderPlace(files.uploadsDir),
    random,
    state?.files,
  );
  const snapshots =
    files &&
    new Snapshots({
      clock,
      log,
      write: () => writeFileAtomic(files.statePath, JSON.stringify(collect())),
    });
  const world: World = new World(
    {
      clock,
      random,
      events,
      nextMessageId: (row) =>
        counters.next(row === undefined ? "messages" : `messages:${row}`, () => 1),
      deliver: (botId, kind, json) => mailboxOf(botId).deliver(kind, json),
      changed: () => snapshots?.changed(),
    },
    state?.world,
  );
  const collect = (): unknown =>
    ({
      format: 1,
      world: world.save(),
      mailboxes: [...world.bots.keys()].map((botId) => [botId, mailboxOf(botId).save()]),
      files: uploads.save(),
    }) satisfies Record<keyof SavedState, unknown>;
  settle(world);
  const close = (): void => {
    for (const mailbox of mailboxes.values()) mailbox.desk.close();
  };
  return { counters, events, mailboxOf, snapshots, uploads, world, close };
}

function found<Value>(map: Map<number, Value>, key: number, make: () => Value): Value {
  const existing = map.get(key);
  if (existing !== undefined) return existing;
  const made = make();
  map.set(key, made);
  return made;
}

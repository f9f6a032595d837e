import { type Sandbox, startSandbox } from "../../supervisor/sandbox/sandbox.ts";
import { ManualClock } from "../support/manual-clock.ts";
import { type RecordingLog, recordingLog } from "../support/recording-log.ts";

/** One answer of the Bot API, as it came over the wire. */
export interface Told {
  readonly status: number;
  readonly ok: boolean;
  // Answers have a hundred shapes; a test names the one it expects.
  // oxlint-disable-next-line typescript/no-explicit-any
  readonly result: any;
  readonly description: string | undefined;
  readonly parameters: { retry_after?: number; migrate_to_chat_id?: number } | undefined;
  readonly headers: Headers;
}

export interface Stage {
  readonly sandbox: Sandbox;
  readonly clock: ManualClock;
  readonly log: RecordingLog;
  readonly bot: { readonly id: number; readonly token: string };
  readonly me: number;
  /** The user's side id of the newcomer's chat with the bot. */
  readonly dialog: number;
  readonly forum: number;
  readonly group: number;
  call(method: string, parameters?: object, signal?: AbortSignal): Promise<Told>;
  /** A request of the sandbox's user, with the key. */
  ask(
    path: string,
    init?: Omit<RequestInit, "headers"> & { headers?: Record<string, string> },
  ): Promise<Response>;
  say(text: string, chat?: number): void;
  /** Waits, in real time, until so many getUpdates calls are open. */
  untilOpen(polls: number): Promise<void>;
  /** Waits until something is so; for what another turn of the event loop brings. */
  until(condition: () => boolean): Promise<void>;
  close(): Promise<void>;
}

/** A sandbox on a real port with a manual clock, and one bot in it. */
export async function openStage(options: { dir?: string } = {}): Promise<Stage> {
  const clock = new ManualClock();
  const log = recordingLog("sandbox");
  const sandbox = await startSandbox({ ...options, clock, log });
  const [bot] = await sandbox.ensureBots(["main"]);
  if (bot === undefined) throw new Error("the sandbox made no bot");
  const { chats, me } = sandbox.user.state();
  const chatOf = (fits: (chat: (typeof chats)[number]) => boolean): number =>
    chats.find((chat) => fits(chat))?.id ?? 0;
  const dialog = chatOf(({ type }) => type === "private");
  return {
    sandbox,
    clock,
    log,
    bot,
    me,
    dialog,
    forum: chatOf((chat) => chat.is_forum === true),
    group: chatOf(({ type }) => type === "group"),
    call: (method, parameters, signal) =>
      callBotApi(sandbox.url, bot.token, method, parameters, signal),
    ask: (path, { headers, ...init } = {}) =>
      fetch(`${sandbox.url}/sandbox/${path}`, {
        ...init,
        headers: {
          authorization: `Bearer ${sandbox.key}`,
          "content-type": "application/json",
          ...headers,
        },
      }),
    say: (text, chat = dialog) => void sandbox.user.say(chat, { from: me, text }),
    until,
    untilOpen: (polls) => until(() => sandbox.user.polling(bot.id).openPolls === polls),
    close: () => sandbox.close(),
  };
}

export async function callBotApi(
  url: string,
  token: string,
  method: string,
  parameters: object = {},
  signal?: AbortSignal,
): Promise<Told> {
  const response = await fetch(`${url}/bot${token}/${method}`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(parameters),
    ...(signal === undefined ? {} : { signal }),
  });
  const body = (await response.json()) as Told;
  return { ...body, status: response.status, headers: response.headers };
}

async function until(condition: () => boolean): Promise<void> {
  for (let turn = 0; !condition(); turn += 1) {
    if (turn > 5000) throw new Error("it never came true");
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
}

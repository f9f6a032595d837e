import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { SessionFiles } from "../../../../bots/main/hosting/session-files.ts";
import type { Message } from "../../../../shared/telegram/bot-api.ts";
import type { TelegramFiles } from "../../../../shared/telegram/files/telegram-files.ts";
import { ManualClock } from "../../../support/manual-clock.ts";
import { recordingLog } from "../../../support/recording-log.ts";

const message: Message = {
  message_id: 1,
  date: 1,
  chat: { id: 1, type: "private" },
  document: { file_id: "d", file_unique_id: "u", file_name: "plan.txt", mime_type: "text/plain" },
};

async function* plan(): AsyncGenerator<Uint8Array> {
  yield Buffer.from("the plan");
}

/** Refuses so often, as Telegram does in a bad hour. */
function refusing(times: number): TelegramFiles & { asked: number } {
  const files = {
    asked: 0,
    open: async () => {
      files.asked += 1;
      if (files.asked <= times) throw new Error("Telegram answered 502");
      return { path: "documents/plan.txt", bytes: plan() };
    },
  };
  return files;
}

describe("the file of a message", () => {
  let folders: string;
  const clock = new ManualClock();
  const stop = new AbortController();
  beforeEach(() => {
    folders = mkdtempSync(join(tmpdir(), "session-files-"));
  });
  afterEach(() => {
    rmSync(folders, { recursive: true, force: true });
  });

  const fetching = (files: TelegramFiles, signal = stop.signal) =>
    new SessionFiles({ folders, files, clock, random: () => 1, log: recordingLog() }).fetch(
      message,
      "work",
      signal,
    );

  async function passing<Result>(result: Promise<Result>): Promise<Result> {
    const progress = { isSettled: false };
    const settled = result.finally(() => {
      progress.isSettled = true;
    });
    settled.catch(() => undefined);
    while (!progress.isSettled) {
      await clock.advance(500);
      await new Promise((resolve) => setImmediate(resolve));
    }
    return settled;
  }

  it("is asked for again where it does not come", async () => {
    const { attachments, problems } = await passing(fetching(refusing(2)));
    expect(attachments).toMatchObject([{ path: "received/plan.txt" }]);
    expect(problems).toEqual([]);
    expect(clock.pendingTimers).toBe(0);
  });

  it("is left out after three times, with a word about it", async () => {
    const files = refusing(9);
    expect(await passing(fetching(files))).toEqual({
      attachments: [],
      problems: ["plan.txt could not be fetched, and was left out. Please send it again."],
    });
    expect(files.asked).toBe(3);
    expect(clock.pendingTimers).toBe(0);
    expect(readdirSync(join(folders))).toEqual([]);
  });

  it("is not waited for until its handler is given up", async () => {
    const silent: TelegramFiles = {
      open: (_id, signal) =>
        new Promise((_resolve, reject) => {
          signal.addEventListener("abort", () => {
            reject(signal.reason as Error);
          });
        }),
    };
    const before = clock.monotonic();
    expect((await passing(fetching(silent))).problems).toHaveLength(1);
    expect(clock.monotonic() - before).toBeLessThan(5 * 60_000);
  });

  it("is given up at once by a stop, also between two attempts", async () => {
    const stopping = new AbortController();
    const fetched = fetching(refusing(9), stopping.signal);
    await clock.advance(100);
    stopping.abort(new Error("stopped"));
    await expect(fetched).rejects.toThrow("stopped");
    expect(clock.pendingTimers).toBe(0);
  });
});

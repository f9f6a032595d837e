import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { systemClock } from "../../../shared/clock.ts";
import { OperationError } from "../../../shared/errors.ts";
import { type OutboxOptions, openOutbox } from "../../../shared/outbound/outbox/open-outbox.ts";
import { recordingLog } from "../../support/recording-log.ts";
import { text } from "../stage/stage.ts";

const stateDir = mkdtempSync(join(tmpdir(), "open-outbox-"));
afterAll(() => {
  rmSync(stateDir, { recursive: true, force: true });
});

const sent: unknown[] = [];

function options(more: Partial<OutboxOptions> = {}): OutboxOptions {
  return {
    stateDir,
    bot: "treasury",
    botId: 42,
    send: async (_, params) => {
      sent.push(params["text"]);
      return { message_id: 1 };
    },
    clock: systemClock,
    random: Math.random,
    log: recordingLog(),
    ...more,
  };
}

describe("opening an outbox", () => {
  it("makes its folder, sends, and leaves the folder to the next one", async () => {
    const outbox = await openOutbox(options());
    expect(await outbox.enqueue(text(1, "a")).outcome).toMatchObject({ state: "sent" });
    await outbox.close(1_000);
    expect(existsSync(join(stateDir, "outbox", "treasury", "answers.jsonl"))).toBe(true);
    const next = await openOutbox(options());
    await next.close(0);
    expect(sent).toEqual(["a"]);
  });

  it("a second one waits for the first, and gives up with what to do", async () => {
    const first = await openOutbox(options());
    await expect(openOutbox(options({ waitMs: 20 }))).rejects.toThrow(OperationError);
    const second = openOutbox(options());
    await first.close(0);
    await (await second).close(0);
    const other = await openOutbox(options({ bot: "buy_tracker" }));
    await other.close(0);
  });

  it("a stop ends the wait for the first one at once, with its own reason", async () => {
    const first = await openOutbox(options());
    const stop = new AbortController();
    const second = openOutbox(options({ signal: stop.signal }));
    const reason = new Error("stopping: sigterm");
    stop.abort(reason);
    await expect(second).rejects.toBe(reason);
    await first.close(0);
  });

  it("a stop while it reads what an earlier life left sends nothing, and leaves the folder free", async () => {
    const first = await openOutbox(options({ send: () => new Promise(() => undefined) }));
    await first.enqueue(text(1, "left")).accepted;
    await first.close(0);
    const reason = new Error("stopping");
    const refusals: { readonly why: unknown; readonly sent: number }[] = [];
    // Pulled at each step of the opening, one later each time.
    for (let step = 0; step < 20; step += 1) {
      const before = sent.length;
      const stop = new AbortController();
      const opening = openOutbox(options({ signal: stop.signal, waitMs: 1_000 }));
      const ended = opening.then(
        (opened) => opened.close(0),
        (why: unknown) => void refusals.push({ why, sent: sent.length - before }),
      );
      for (let turn = 0; turn < step; turn += 1)
        await new Promise((resolve) => setImmediate(resolve));
      stop.abort(reason);
      await ended;
    }
    expect(refusals.length).toBeGreaterThan(2);
    for (const refusal of refusals) expect(refusal).toEqual({ why: reason, sent: 0 });
  });
});

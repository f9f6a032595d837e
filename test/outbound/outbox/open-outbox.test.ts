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
});

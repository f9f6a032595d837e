import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { systemClock } from "../../../shared/clock.ts";
import type { SendPort } from "../../../shared/outbound/delivery/ports.ts";
import { callThrough } from "../../../shared/outbound/library/telegram-call.ts";
import { openOutbox } from "../../../shared/outbound/outbox/open-outbox.ts";
import type { Outbox } from "../../../shared/outbound/outbox/outbox.ts";
import { Api } from "../../../shared/telegram/bot-api.ts";
import { createKeepAliveFetch } from "../../../shared/telegram/keep-alive-fetch.ts";
import { type Sandbox, startSandbox } from "../../../supervisor/sandbox/sandbox.ts";
import { type RecordingLog, recordingLog } from "../../support/recording-log.ts";

/** A sandbox on a real port, and the sending half of one bot in it. */
export interface SandboxBot {
  readonly sandbox: Sandbox;
  readonly botId: number;
  readonly me: number;
  readonly log: RecordingLog;
  /** The way to the sandbox without the outbox. */
  readonly send: SendPort;
  /** The outbox on that way, as a bot has it. @param around what stands around the way */
  openOutbox(around?: (send: SendPort) => SendPort): Promise<Outbox>;
  close(): Promise<void>;
}

export async function openSandboxBot(): Promise<SandboxBot> {
  const stateDir = mkdtempSync(join(tmpdir(), "outbox-sandbox-"));
  const log = recordingLog();
  const sandbox = await startSandbox({ log });
  const [access] = await sandbox.ensureBots(["main"]);
  if (access === undefined) throw new Error("the sandbox made no bot");
  const { id: botId, token } = access;
  const { fetch, close } = createKeepAliveFetch();
  const send = callThrough(new Api(token, { apiRoot: sandbox.url, fetch, maxRetries: 0 }));
  let outbox: Outbox | undefined;
  return {
    sandbox,
    botId,
    me: sandbox.user.state().me,
    log,
    send,
    async openOutbox(around = (way) => way) {
      outbox = await openOutbox({
        stateDir,
        bot: "main",
        botId,
        send: around(send),
        clock: systemClock,
        random: Math.random,
        log,
      });
      return outbox;
    },
    async close() {
      await outbox?.close(1_000);
      close();
      await sandbox.close();
      rmSync(stateDir, { recursive: true, force: true });
    },
  };
}

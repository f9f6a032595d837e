import type { Clock } from "../../../shared/clock.ts";
import type { AlertsConfig } from "../../../shared/config/fleet-config.ts";
import { restartButton } from "../../../shared/contract/alert-button.ts";
import { errorMessage } from "../../../shared/errors.ts";
import type { Log } from "../../../shared/logger.ts";
import { callThrough } from "../../../shared/outbound/library/telegram-call.ts";
import { openOutbox } from "../../../shared/outbound/outbox/open-outbox.ts";
import type { Outbox } from "../../../shared/outbound/outbox/outbox.ts";
import { PacedBudget } from "../../../shared/outbound/pacing/send-budget.ts";
import { redact } from "../../../shared/redact.ts";
import { Api } from "../../../shared/telegram/bot-api.ts";
import { createKeepAliveFetch } from "../../../shared/telegram/keep-alive-fetch.ts";
import type { AlertMessage } from "./alert-desk.ts";
import { alertsPerSecond } from "./alert-pace.ts";

export interface AlertSenderOptions {
  readonly alerts: AlertsConfig;
  /** Main's. */
  readonly token: string;
  readonly botId: number;
  readonly apiRoot: string;
  readonly stateDir: string;
  readonly clock: Clock;
  readonly log: Log;
}

const answerWithinMs = 60_000;
const closeWithinMs = 1_000;

/** Sends alerts to the admins' chat as main, by the rules for everything that goes out. */
export class AlertSender {
  private readonly options: AlertSenderOptions;
  private readonly outbox: Outbox;
  private readonly endConnections: () => void;

  private constructor(options: AlertSenderOptions, outbox: Outbox, endConnections: () => void) {
    this.options = options;
    this.outbox = outbox;
    this.endConnections = endConnections;
  }

  /** @throws AnswerNotStoredError where the disk does not let us */
  static async open(options: AlertSenderOptions): Promise<AlertSender> {
    const { token, botId, apiRoot, stateDir, clock, log } = options;
    const { fetch, close } = createKeepAliveFetch({ answerWithinMs });
    const api = new Api(token, { apiRoot, fetch, maxRetries: 0, timeoutMs: 0 });
    try {
      const outbox = await openOutbox({
        stateDir,
        bot: "supervisor",
        botId,
        send: callThrough(api),
        budget: new PacedBudget(clock, alertsPerSecond),
        hooks: {
          onAnswerFailed: ({ reason }) => {
            log.warn("an alert could not be delivered; is main in the chat of alerts.chat?", {
              reason,
            });
          },
        },
        clock,
        random: Math.random,
        log,
      });
      return new AlertSender(options, outbox, close);
    } catch (error) {
      close();
      throw error;
    }
  }

  send(message: AlertMessage): void {
    void this.deliver(message);
  }

  async close(): Promise<void> {
    try {
      await this.outbox.close(closeWithinMs);
    } finally {
      this.endConnections();
    }
  }

  private async deliver({ text, restartable }: AlertMessage): Promise<void> {
    const { alerts, log } = this.options;
    const keyboard = restartable.map((bot) => [restartButton(bot)]);
    const call = {
      method: "sendMessage",
      params: {
        chat_id: alerts.chat,
        text: redact(text),
        ...(alerts.topic === undefined ? {} : { message_thread_id: alerts.topic }),
        ...(keyboard.length === 0 ? {} : { reply_markup: { inline_keyboard: keyboard } }),
      },
    };
    try {
      await this.outbox.enqueue({ kind: "answer", ...call }).accepted;
    } catch (error) {
      // A full disk is what it may be about: then it goes out without having been written down.
      log.warn("an alert could not be written down; it is sent all the same", {
        cause: errorMessage(error),
      });
      this.outbox.enqueue({ kind: "call", ...call });
    }
  }
}

import type { Clock } from "../../../shared/clock.ts";
import type { AlertsConfig } from "../../../shared/config/fleet-config.ts";
import { restartButton } from "../../../shared/contract/alert-button.ts";
import { Chronicle } from "../../../shared/contract/chronicle/chronicle.ts";
import { chroniclePath } from "../../../shared/contract/chronicle/chronicle-line.ts";
import { errorMessage } from "../../../shared/errors.ts";
import type { Log } from "../../../shared/logger.ts";
import type { EndedMessage } from "../../../shared/outbound/delivery/ports.ts";
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
/** Its outbox and its chronicle bear this name; no bot does. */
const ownName = "supervisor";

/** Sends alerts to the admins' chat as main, by the rules for everything that goes out. */
export class AlertSender {
  private readonly options: AlertSenderOptions;
  private readonly outbox: Outbox;
  private readonly giveBack: () => void;

  private constructor(options: AlertSenderOptions, outbox: Outbox, giveBack: () => void) {
    this.options = options;
    this.outbox = outbox;
    this.giveBack = giveBack;
  }

  /** @throws AnswerNotStoredError where the disk does not let us */
  static async open(options: AlertSenderOptions): Promise<AlertSender> {
    const { token, botId, apiRoot, stateDir, clock, log } = options;
    const { fetch, close } = createKeepAliveFetch({ answerWithinMs });
    const path = chroniclePath(stateDir, ownName);
    const chronicle = new Chronicle({ path, clock, log });
    const giveBack = (): void => {
      close();
      chronicle.close();
    };
    const api = new Api(token, { apiRoot, fetch, maxRetries: 0, timeoutMs: 0 });
    try {
      const outbox = await openOutbox({
        stateDir,
        bot: ownName,
        botId,
        send: callThrough(api),
        budget: new PacedBudget(clock, alertsPerSecond),
        hooks: {
          onMessageEnded: ({ place, sinceMs: since, ending }: EndedMessage) => {
            if (place === undefined || ending.state !== "sent") return;
            const messages = ending.messageIds;
            chronicle.note({ t: "sent", at: clock.now(), since, chat: place.chatId, messages });
          },
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
      return new AlertSender(options, outbox, giveBack);
    } catch (error) {
      giveBack();
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
      this.giveBack();
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

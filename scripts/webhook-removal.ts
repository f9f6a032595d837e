import { OperationError, TokenRefusedError } from "../shared/errors.ts";
import { redact } from "../shared/redact.ts";
import type { WebhookInfo } from "../shared/telegram/bot-api.ts";
import { classifyError } from "../shared/telegram/error-classifier.ts";
import { removeWebhook, type WebhookApi, webhookOf } from "../shared/telegram/webhook.ts";

export interface RemovalTarget {
  /** The bots that share this token: `main`, or `main, treasury`. */
  readonly label: string;
  readonly botId: number;
  readonly api: WebhookApi;
}

export interface RemovalOptions {
  /** Only show. */
  readonly dryRun: boolean;
  /** Throw away the updates that wait, too. */
  readonly dropPending: boolean;
}

/**
 * Shows one bot's webhook and deletes it; updates that wait are kept unless the options say otherwise.
 * @throws TokenRefusedError, OperationError
 */
export async function removeOne(
  target: RemovalTarget,
  options: RemovalOptions,
  print: (line: string) => void,
  signal: AbortSignal,
): Promise<void> {
  const who = `${target.label} (bot ${target.botId})`;
  const info = await ask(who, "getWebhookInfo", () => target.api.getWebhookInfo(signal));
  print(`${who}: ${describe(info)}`);
  const plan = planFor(info, options);
  if (plan === undefined) return;
  if (options.dryRun) {
    print(`  would be done: ${plan}`);
    return;
  }
  await ask(who, "deleteWebhook", () => removeWebhook(target.api, options.dropPending, signal));
  print(`  done: ${plan}`);
}

function planFor(info: WebhookInfo, { dropPending }: RemovalOptions): string | undefined {
  const set = webhookOf(info) !== undefined;
  if (dropPending)
    return set ? "webhook deleted, pending updates dropped" : "pending updates dropped";
  return set ? "webhook deleted, pending updates kept" : undefined;
}

function describe(info: WebhookInfo): string {
  const found = webhookOf(info);
  const pending = `${info.pending_update_count} updates pending`;
  if (found === undefined) return `no webhook, ${pending}`;
  return `webhook on ${found.host}, ${pending}, ${describeLastError(info)}`;
}

function describeLastError(info: WebhookInfo): string {
  if (info.last_error_date === undefined) return "no error";
  const time = new Date(info.last_error_date * 1000).toISOString();
  return `last error ${time}: ${redact(info.last_error_message ?? "not told")}`;
}

async function ask<T>(who: string, method: string, call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    const { kind, message } = classifyError(error, method);
    if (kind === "auth") {
      throw new TokenRefusedError(
        `${who}: Telegram refused the token. Compare it with what @BotFather shows.`,
        { cause: error },
      );
    }
    throw new OperationError(`${who}: ${message}. Nothing is known to have changed; try again.`);
  }
}

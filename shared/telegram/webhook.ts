import type { Log } from "../logger.ts";
import type { WebhookInfo } from "./bot-api.ts";

/** The three calls that a webhook needs; an `Api` has them. */
export interface WebhookApi {
  getWebhookInfo(signal?: AbortSignal): Promise<WebhookInfo>;
  deleteWebhook(
    params: { readonly drop_pending_updates: boolean },
    signal?: AbortSignal,
  ): Promise<unknown>;
}

export interface FoundWebhook {
  /** Only the host: paths of webhooks often hold the token. */
  readonly host: string;
  readonly pendingUpdates: number;
}

export type WebhookOutcome =
  | { readonly kind: "none" }
  | ({ readonly kind: "deleted" } & FoundWebhook)
  /** Polling is impossible until somebody removes it. */
  | ({ readonly kind: "kept" } & FoundWebhook);

export interface EnsureNoWebhookOptions {
  readonly api: WebhookApi;
  /** `keep`: somebody wants this webhook; it is reported and left alone. */
  readonly policy: "delete" | "keep";
  readonly log: Log;
  readonly signal: AbortSignal;
}

/**
 * Makes sure before polling that no webhook takes the updates away. Updates that wait are never dropped.
 * @throws the API's error when Telegram does not answer, or refuses the deletion and the webhook is still set
 */
export async function ensureNoWebhook(options: EnsureNoWebhookOptions): Promise<WebhookOutcome> {
  const { api, policy, log, signal } = options;
  const found = webhookOf(await api.getWebhookInfo(signal));
  if (found === undefined) return { kind: "none" };
  const facts = { host: found.host, pendingUpdates: found.pendingUpdates };
  if (policy === "keep") {
    log.warn("a webhook is set and kept as configured; polling is not possible while it is", facts);
    return { kind: "kept", ...found };
  }
  log.warn("a webhook is set; deleting it, pending updates are kept", facts);
  await removeWebhook(api, false, signal);
  return { kind: "deleted", ...found };
}

/**
 * deleteWebhook; if its answer is lost or an error, an empty url afterwards is good enough.
 * @throws the error of deleteWebhook where the webhook is still set
 */
export async function removeWebhook(
  api: WebhookApi,
  dropPending: boolean,
  signal: AbortSignal,
): Promise<void> {
  try {
    await api.deleteWebhook({ drop_pending_updates: dropPending }, signal);
  } catch (error) {
    signal.throwIfAborted();
    // With dropPending an empty url would not prove that the waiting updates are gone too.
    if (dropPending || webhookOf(await api.getWebhookInfo(signal)) !== undefined) throw error;
  }
}

/** The webhook that an answer of getWebhookInfo tells of; undefined where none is set. */
export function webhookOf(info: WebhookInfo): FoundWebhook | undefined {
  // Telegram leaves out neither field; a foreign server may.
  if (!info.url) return undefined;
  return { host: hostOf(info.url), pendingUpdates: info.pending_update_count ?? 0 };
}

function hostOf(url: string): string {
  return URL.canParse(url) ? new URL(url).host : "(unreadable url)";
}

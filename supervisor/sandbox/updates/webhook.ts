export interface WebhookState {
  readonly url: string;
  readonly maxConnections: number;
  readonly ipAddress?: string | undefined;
  readonly lastErrorAtMs?: number | undefined;
  readonly lastErrorMessage?: string | undefined;
}

const noWebhook: WebhookState = { url: "", maxConnections: 0 };
const pauseBetweenSetsMs = 1000;

/**
 * One bot's webhook. The sandbox never calls it: every update that comes while it is set stays pending and leaves
 * the error behind that Telegram shows for an address where nobody listens.
 */
export class Webhook {
  private state: WebhookState;
  private nextSetAllowedMs = Number.NEGATIVE_INFINITY;

  constructor(saved: WebhookState = noWebhook) {
    this.state = saved;
  }

  get active(): boolean {
    return this.state.url !== "";
  }

  /** False when the last setWebhook was less than a second ago. */
  mayBeSet(monotonicMs: number): boolean {
    if (monotonicMs < this.nextSetAllowedMs) return false;
    this.nextSetAllowedMs = monotonicMs + pauseBetweenSetsMs;
    return true;
  }

  set(state: WebhookState): void {
    this.state = state;
  }

  delete(): void {
    this.state = noWebhook;
  }

  failDelivery(nowMs: number): void {
    this.state = {
      ...this.state,
      lastErrorAtMs: nowMs,
      lastErrorMessage: "Connection refused",
    };
  }

  save(): WebhookState {
    return this.state;
  }
}

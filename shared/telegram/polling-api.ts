import { Api } from "./bot-api.ts";
import { createKeepAliveFetch } from "./keep-alive-fetch.ts";

export interface PollingApi {
  readonly api: Api;
  /** The next call opens a new connection: an old one may be pinned to a dead path. */
  readonly rotate: () => void;
  /** Closes its connections, busy ones too. */
  readonly close: () => void;
}

/** Calls other than a parked getUpdates; the library adds the same margin to a poll's own timeout. */
const shortCallTimeoutMs = 10_000;

/**
 * The Bot API for the poller alone, on a connection of its own, so that sending never waits behind a parked poll.
 * The library repeats nothing: how to go on after an error is the poller's decision.
 */
export function createPollingApi(token: string, apiRoot: string): PollingApi {
  const { fetch, rotate, close } = createKeepAliveFetch();
  const api = new Api(token, { apiRoot, fetch, maxRetries: 0, timeoutMs: shortCallTimeoutMs });
  return { api, rotate, close };
}

import { Api } from "./bot-api.ts";
import { createKeepAliveFetch } from "./keep-alive-fetch.ts";

export interface SendingApi {
  readonly api: Api;
  /** Closes its connections, busy ones too. */
  readonly close: () => void;
}

export interface PollingApi extends SendingApi {
  /** The next call opens a new connection: an old one may be pinned to a dead path. */
  readonly rotate: () => void;
}

/** Calls other than a parked getUpdates; the library adds the same margin to a poll's own timeout. */
const shortCallTimeoutMs = 10_000;
/** An upload on a slow line takes its time; ordinary calls take a fraction of a second. */
const sendTimeoutMs = 60_000;

/**
 * The Bot API for the poller alone, on a connection of its own, so that sending never waits behind a parked poll.
 * The library repeats nothing: how to go on after an error is the poller's decision.
 */
export function createPollingApi(token: string, apiRoot: string): PollingApi {
  const { fetch, rotate, close } = createKeepAliveFetch();
  const api = new Api(token, { apiRoot, fetch, maxRetries: 0, timeoutMs: shortCallTimeoutMs });
  return { api, rotate, close };
}

/**
 * The Bot API for everything else. Without the library's repeats: those would send a message twice whose first answer
 * was lost.
 */
export function createSendingApi(token: string, apiRoot: string): SendingApi {
  const { fetch, close } = createKeepAliveFetch();
  const api = new Api(token, { apiRoot, fetch, maxRetries: 0, timeoutMs: sendTimeoutMs });
  return { api, close };
}

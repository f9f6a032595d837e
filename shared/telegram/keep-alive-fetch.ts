import { type ClientRequest, Agent as HttpAgent, request as httpRequest } from "node:http";
import { Agent as HttpsAgent, request as httpsRequest } from "node:https";
import { pipeline, type Readable } from "node:stream";
import { readAnswer } from "./http/read-answer.ts";
import { requestBody } from "./http/request-body.ts";

export interface KeepAliveFetch {
  readonly fetch: typeof fetch;
  /** The next request opens a new connection; idle ones are closed now, busy ones when their request has ended. */
  readonly rotate: () => void;
  /** Closes every connection, busy ones too; later requests are refused. */
  readonly close: () => void;
}

export interface KeepAliveFetchOptions {
  /** Connections to one host at a time; more requests wait. Unlimited without it. */
  readonly maxSockets?: number;
  /**
   * A connection unused for so long is closed, and one not established within it is given up. Shorter than the
   * keep-alive times of usual servers, so that a request seldom meets a connection that the other side just closed.
   */
  readonly quietSocketMs?: number;
  /**
   * A call that has no whole answer after so long is given up with a `TimeoutError`. One timer, where the library makes
   * a signal for each call: a fifth of the CPU time of a call. Unlimited without it.
   */
  readonly answerWithinMs?: number;
}

type Agents = Readonly<Record<"http:" | "https:", HttpAgent>>;

/**
 * `fetch` over node:http with connections kept alive: less than half the CPU per call of the built-in one. Request
 * bodies stream; an answer is read whole before it is handed over, so that a cut one is an error here and nowhere
 * later. Rejects with the signal's reason when aborted, at whatever stage. Redirects are not followed.
 */
export function createKeepAliveFetch(options: KeepAliveFetchOptions = {}): KeepAliveFetch {
  let agents: Agents | undefined = openAgents(options);
  return {
    async fetch(input, init) {
      if (agents === undefined) throw new Error("The connections to Telegram are closed.");
      const address = input instanceof Request ? input.url : String(input);
      return exchange(agents, address, init ?? {}, options.answerWithinMs);
    },
    rotate() {
      if (agents === undefined) return;
      const retired = agents;
      agents = openAgents(options);
      for (const agent of Object.values(retired)) retire(agent);
    },
    close() {
      const retired = agents;
      agents = undefined;
      for (const agent of Object.values(retired ?? {})) agent.destroy();
    },
  };
}

function openAgents({
  maxSockets = Infinity,
  quietSocketMs = 15_000,
}: KeepAliveFetchOptions): Agents {
  const settings = { keepAlive: true, maxSockets, timeout: quietSocketMs };
  return { "http:": new HttpAgent(settings), "https:": new HttpsAgent(settings) };
}

function retire(agent: HttpAgent): void {
  // A socket that becomes free later finds no room among the free ones and is closed by the agent itself.
  agent.maxFreeSockets = 0;
  for (const socket of Object.values(agent.freeSockets).flat()) socket?.destroy();
}

function exchange(
  agents: Agents,
  address: string,
  init: RequestInit,
  answerWithinMs?: number,
): Promise<Response> {
  const signal = init.signal ?? undefined;
  return new Promise((resolve, reject) => {
    signal?.throwIfAborted();
    const url = new URL(address);
    const body = requestBody(init.body);
    const settings = {
      method: init.method ?? "GET",
      headers: { ...body.headers, ...Object.fromEntries(new Headers(init.headers)) },
      agent: url.protocol === "https:" ? agents["https:"] : agents["http:"],
    };
    const request =
      url.protocol === "https:" ? httpsRequest(url, settings) : httpRequest(url, settings);

    const giveUp = (reason: unknown): void => {
      settle(() => reject(reason));
      request.destroy();
    };
    const onAbort = (): void => {
      giveUp(signal?.reason);
    };
    const onLate = (): void => {
      giveUp(new DOMException(`No answer within ${answerWithinMs} ms.`, "TimeoutError"));
    };
    const timer = answerWithinMs === undefined ? undefined : setTimeout(onLate, answerWithinMs);
    const settle = (outcome: () => void): void => {
      clearTimeout(timer);
      signal?.removeEventListener("abort", onAbort);
      outcome();
    };
    const fail = (error: Error): void => {
      settle(() => reject(error));
    };
    signal?.addEventListener("abort", onAbort, { once: true });
    request.on("error", fail);
    request.on("timeout", () => giveUpConnecting(request));
    request.on("response", (message) => {
      readAnswer(message).then((response) => settle(() => resolve(response)), fail);
    });
    send(request, body.content, fail);
  });
}

function send(
  request: ClientRequest,
  content: string | Buffer | Readable | undefined,
  fail: (error: Error) => void,
): void {
  if (content === undefined || typeof content === "string" || Buffer.isBuffer(content)) {
    request.end(content);
    return;
  }
  pipeline(content, request, (error) => {
    // The server may answer before it has read everything (413, 401): its answer counts, not the broken upload.
    if (error && !request.destroyed) request.destroy(error);
    if (error && !answered(request)) fail(error);
  });
}

function answered(request: ClientRequest): boolean {
  return "res" in request && request.res !== null && request.res !== undefined;
}

/** The agent's timeout also fires on a busy connection, where a long poll is rightly silent: only connecting counts. */
function giveUpConnecting(request: ClientRequest): void {
  const { socket } = request;
  const shakingHands = socket !== null && "secureConnecting" in socket && socket.secureConnecting;
  if (socket?.connecting !== true && shakingHands !== true) return;
  const error = new Error("The connection was not established in time.");
  request.destroy(Object.assign(error, { code: "ETIMEDOUT" }));
}

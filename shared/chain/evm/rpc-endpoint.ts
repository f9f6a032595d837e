import type { Clock } from "../../clock.ts";
import { isFields } from "../../fields.ts";
import { ChainError } from "../chain-error.ts";
import { shownAddress, withoutAddress } from "./rpc-address.ts";
import { troubleOf } from "./rpc-trouble.ts";
import { createClient, HttpRequestError, http, rpcSchema } from "./viem.ts";

/** Most nodes answer within a second; a node that needs longer than this does not answer any more. */
const answerWithinMs = 10_000;
/** A block with all its transactions is a few MiB. */
const longestAnswerBytes = 64 * 2 ** 20;

export interface RpcCall {
  readonly method: string;
  readonly params: readonly unknown[];
}

/** The library knows every method by its name; which one is asked is our caller's business. */
interface AnyCall {
  Method: string;
  Parameters: readonly unknown[];
  ReturnType: unknown;
}

/** One RPC address: one request, one answer, no repeats. */
export interface RpcEndpoint {
  /** For logs; never the whole address. */
  readonly shown: string;
  /** @throws ChainError; the signal's reason */
  ask(call: RpcCall, signal: AbortSignal): Promise<unknown>;
}

export function openEndpoint(address: string, clock: Clock): RpcEndpoint {
  // Repeats are ours: they know the other addresses. The time limit is ours: it works with the caller's signal.
  const transport = http(address, {
    retryCount: 0,
    timeout: 0,
    maxResponseBodySize: longestAnswerBytes,
  });
  const client = createClient({ transport, rpcSchema: rpcSchema<[AnyCall]>() });
  const shown = shownAddress(address);
  return {
    shown,
    async ask({ method, params }, signal) {
      signal.throwIfAborted();
      const limit = new AbortController();
      const giveUp = (): void => {
        limit.abort(signal.reason);
      };
      let timedOut = false;
      const cancel = clock.schedule(answerWithinMs, () => {
        timedOut = true;
        limit.abort();
      });
      signal.addEventListener("abort", giveUp, { once: true });
      try {
        return await client.request({ method, params }, { signal: limit.signal });
      } catch (error) {
        signal.throwIfAborted();
        throw explained(error, { address, shown, method, timedOut });
      } finally {
        cancel();
        signal.removeEventListener("abort", giveUp);
      }
    },
  };
}

interface Asked {
  readonly address: string;
  readonly shown: string;
  readonly method: string;
  readonly timedOut: boolean;
}

/** Never with the library's error as cause: its text and fields hold the whole address. */
function explained(error: unknown, { address, shown, method, timedOut }: Asked): ChainError {
  const status = error instanceof HttpRequestError ? error.status : undefined;
  const code = isFields(error) && typeof error["code"] === "number" ? error["code"] : undefined;
  const text = saidBy(error);
  const trouble = troubleOf({
    status,
    code,
    text,
    timedOut,
    isForEvents: method === "eth_getLogs",
    cause: error,
  });
  const what = timedOut
    ? `no answer within ${answerWithinMs / 1_000} s`
    : [status === undefined ? "" : `HTTP ${status}`, withoutAddress(text, address)]
        .filter((part) => part !== "")
        .join(": ");
  return new ChainError(trouble, `${shown}: ${method}: ${what}`, retryAfterMs(error));
}

/** The innermost words of an error of the library: `details` is what the server said. */
function saidBy(error: unknown): string {
  if (!isFields(error)) return String(error);
  const { details, message } = error;
  const said = typeof details === "string" && details !== "" ? details : message;
  return typeof said === "string" ? said : "no reason given";
}

/** @returns what the Retry-After header asks for; its other form, a date, is not used by RPC providers */
function retryAfterMs(error: unknown): number | undefined {
  if (!(error instanceof HttpRequestError)) return undefined;
  const seconds = Number(error.headers?.get("retry-after") ?? Number.NaN);
  return Number.isFinite(seconds) && seconds >= 0 ? seconds * 1_000 : undefined;
}

import { systemErrorCode } from "../../errors.ts";
import type { ChainTrouble } from "../chain-error.ts";

/** What is known of a failed request. */
export interface RpcFailure {
  /** HTTP status, where the answer had another than 200. */
  readonly status: number | undefined;
  /** The number that JSON-RPC gives an error; -32005 and the like. */
  readonly code: number | undefined;
  /** What the server said. */
  readonly text: string;
  readonly timedOut: boolean;
  /** Whether less can be asked for. */
  readonly isForEvents: boolean;
  readonly cause: unknown;
}

/** JSON-RPC has no numbers that everybody keeps to; providers say in words what they mean. */
const rateLimited =
  /rate.?limit|request limit|too many requests|throughput|compute units|quota|capacity exceeded|daily request/i;
const tooMuch =
  /range|more than \d+ results|response size|too many (results|logs|blocks)|too large|limited to|exceeds? max/i;
const timeout = /time(d )?.?out/i;
const beyondHead = /beyond (the )?(current )?(head|latest)/i;
const notThere =
  /header not found|unknown block|block not found|missing trie node|not available|pruned|state .*not found|distance to|historical|archive|cannot find block|resource not found|transaction indexing|BlockOutOfRange/i;

/** How the different nodes say that a contract was called and has failed; a call that only reads fails the same every time. */
const contractFailed =
  /\brevert|invalid ?opcode|opcode ?not ?found|bad ?instruction|(bad|invalid) ?jump|stack ?(under|over)flow|out ?of ?gas|vm execution error|vm exception/i;

/** -32005: "limit exceeded", said for both kinds of limit (EIP-1474). */
const limitExceeded = -32_005;
/** EIP-1474: the resource is not there. */
const resourceNotFound = -32_001;

export function troubleOf({
  status,
  code,
  text,
  timedOut,
  isForEvents,
  cause,
}: RpcFailure): ChainTrouble {
  if (timedOut) return "unreachable";
  if (contractFailed.test(text)) return "strange_contract";
  if (status === 429 || rateLimited.test(text)) return "rate_limited";
  if (beyondHead.test(text)) return "not_there";
  if (status === 413 || tooMuch.test(text)) return "too_much";
  // The server's own limit of time, said in JSON: half as much takes half as long.
  if (isForEvents && code !== undefined && timeout.test(text)) return "too_much";
  if (notThere.test(text) || code === resourceNotFound) return "not_there";
  if (code === limitExceeded) return "rate_limited";
  if (code !== undefined) return wrongRequest.has(code) ? "refused" : "unreachable";
  if (status !== undefined) return status >= 400 && status < 500 ? "refused" : "unreachable";
  return cause instanceof TypeError && systemErrorCode(cause) === "ERR_INVALID_URL"
    ? "refused"
    : "unreachable";
}

/**
 * Invalid request, no such method, invalid parameters (JSON-RPC 2.0); method or version not supported (EIP-1474). With
 * every other number, -32000 above all, servers also say that they are busy: it is taken for trouble that passes.
 */
const wrongRequest: ReadonlySet<number> = new Set([-32_600, -32_601, -32_602, -32_004, -32_006]);

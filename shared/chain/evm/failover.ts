import { type BackoffPolicy, backoffMs } from "../../backoff.ts";
import type { Clock } from "../../clock.ts";
import type { Log } from "../../logger.ts";
import { ChainError, passes } from "../chain-error.ts";
import { answers, readAnswer } from "./rpc-answers.ts";
import type { RpcCall, RpcEndpoint } from "./rpc-endpoint.ts";

/** How long an address rests after each trouble in a row. */
const restPolicy: BackoffPolicy = { baseMs: 500, capMs: 60_000 };
/** So long a call looks for an address that answers; whoever asked then decides what to do. */
const patienceMs = 8_000;
/** A server that asks for more than this is passed over, not waited for. */
const longestRestMs = 300_000;

export interface FailoverParts {
  /** In the order of preference. */
  readonly endpoints: readonly RpcEndpoint[];
  /** Every address must speak for this chain. */
  readonly chainId: number;
  readonly clock: Clock;
  readonly random: () => number;
  readonly log: Log;
}

interface Line {
  readonly endpoint: RpcEndpoint;
  troubles: number;
  restsUntilMs: number;
  chain: "unknown" | "right" | "wrong";
}

/**
 * Several RPC addresses as one: the first that works answers; one in trouble rests, longer each time, and is then tried
 * again. An address that speaks for another chain is never used.
 */
export class Failover {
  private readonly parts: FailoverParts;
  private readonly lines: readonly Line[];

  constructor(parts: FailoverParts) {
    this.parts = parts;
    this.lines = parts.endpoints.map((endpoint) => ({
      endpoint,
      troubles: 0,
      restsUntilMs: 0,
      chain: "unknown",
    }));
  }

  /**
   * @param read makes something of an answer; what it throws as ChainError is the trouble of the address that gave it
   * @throws ChainError the last trouble, when no address answered in time; the signal's reason
   */
  async ask<Value>(
    call: RpcCall,
    read: (answer: unknown) => Value,
    signal: AbortSignal,
  ): Promise<Value> {
    const { clock } = this.parts;
    const startedMs = clock.monotonic();
    let last: ChainError | undefined;
    const asked = new Set<Line>();
    for (;;) {
      const line = this.nextLine(asked);
      if (line === undefined) throw last ?? noneLeft();
      const waitMs = line.restsUntilMs - clock.monotonic();
      if (waitMs > 0) {
        if (clock.monotonic() + waitMs - startedMs > patienceMs) throw last ?? resting(waitMs);
        await clock.sleep(waitMs, signal);
      }
      try {
        return await this.askLine(line, call, read, signal);
      } catch (error) {
        if (!(error instanceof ChainError)) throw error;
        last = error;
        if (error.trouble === "too_much" || error.trouble === "strange_contract") throw error;
        // What another address may know better is asked there, once.
        if (!passes(error)) asked.add(line);
      }
    }
  }

  /** The first that does not rest; else the one whose rest ends first. */
  private nextLine(asked: ReadonlySet<Line>): Line | undefined {
    const nowMs = this.parts.clock.monotonic();
    const left = this.lines.filter((line) => line.chain !== "wrong" && !asked.has(line));
    return (
      left.find((line) => line.restsUntilMs <= nowMs) ??
      left.toSorted((a, b) => a.restsUntilMs - b.restsUntilMs)[0]
    );
  }

  private async askLine<Value>(
    line: Line,
    call: RpcCall,
    read: (answer: unknown) => Value,
    signal: AbortSignal,
  ): Promise<Value> {
    try {
      if (line.chain === "unknown") await this.meet(line, signal);
      const answer = read(await line.endpoint.ask(call, signal));
      if (line.troubles > 0) this.parts.log.info("an RPC address works again", shown(line));
      line.troubles = 0;
      return answer;
    } catch (error) {
      if (passes(error)) this.rest(line, error);
      throw error;
    }
  }

  private async meet(line: Line, signal: AbortSignal): Promise<void> {
    const { chainId, log } = this.parts;
    const answer = await line.endpoint.ask({ method: "eth_chainId", params: [] }, signal);
    // Rubbish says nothing of the chain: the next answer may. Only another number puts an address out for good.
    const found = readAnswer(answers.chainId, answer, "eth_chainId");
    line.chain = found === chainId ? "right" : "wrong";
    if (line.chain === "right") return;
    const problem = `${line.endpoint.shown} speaks for chain ${found}, not for ${chainId}; it is not used. Correct options.chain in fleet.yaml.`;
    log.error(problem);
    throw new ChainError("refused", problem);
  }

  private rest(line: Line, error: ChainError): void {
    const { clock, random, log } = this.parts;
    const ownMs = backoffMs(restPolicy, line.troubles, random);
    const restMs = Math.min(longestRestMs, Math.max(ownMs, error.retryAfterMs ?? 0));
    line.troubles += 1;
    line.restsUntilMs = clock.monotonic() + restMs;
    // One that fails on and on is told of now and then: 1, 2, 4, 8, ...
    if ((line.troubles & (line.troubles - 1)) === 0)
      log.warn("an RPC address is in trouble", {
        ...shown(line),
        trouble: error.trouble,
        reason: error.message,
        troubles: line.troubles,
        restMs,
      });
  }
}

function shown(line: Line): { rpc: string } {
  return { rpc: line.endpoint.shown };
}

function noneLeft(): ChainError {
  return new ChainError(
    "refused",
    "No RPC address speaks for the configured chain. Correct options.chain in fleet.yaml.",
  );
}

function resting(waitMs: number): ChainError {
  return new ChainError(
    "unreachable",
    `Every RPC address is in trouble; the next one is tried in ${Math.ceil(waitMs / 1_000)} s.`,
  );
}

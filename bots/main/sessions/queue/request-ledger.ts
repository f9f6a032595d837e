import type { JournalLine, RequestState } from "./journal-line.ts";

export interface StoredRequest {
  readonly request: string;
  readonly sessionId: string;
  readonly turn: number | undefined;
  readonly askedAtMs: number;
  readonly state: RequestState;
}

/** Old buttons are pressed for days; beyond so many, a press says only that it expired. */
const remembered = 500;

/** What agents asked people, and how each of these requests ended. The first ending stays. No I/O. */
export class RequestLedger {
  private readonly requests = new Map<string, StoredRequest>();

  get(request: string): StoredRequest | undefined {
    return this.requests.get(request);
  }

  get open(): readonly StoredRequest[] {
    return [...this.requests.values()].filter(({ state }) => state === "open");
  }

  apply(line: JournalLine): void {
    if (line.t === "asked") this.ask(line.request, line.sessionId, line.turn, line.atMs);
    if (line.t !== "settled") return;
    const known = this.requests.get(line.request);
    if (known?.state === "open") this.requests.set(line.request, { ...known, state: line.state });
  }

  lines(): JournalLine[] {
    return [...this.requests.values()].flatMap(
      ({ request, sessionId, turn, askedAtMs: atMs, state }): JournalLine[] => [
        { t: "asked", request, sessionId, atMs, ...(turn === undefined ? {} : { turn }) },
        ...(state === "open" ? [] : [{ t: "settled" as const, request, state, atMs }]),
      ],
    );
  }

  private ask(request: string, sessionId: string, turn: number | undefined, atMs: number): void {
    if (this.requests.has(request)) return;
    this.requests.set(request, { request, sessionId, turn, askedAtMs: atMs, state: "open" });
    for (const [old, { state }] of this.requests) {
      if (this.requests.size <= remembered) return;
      if (state !== "open") this.requests.delete(old);
    }
  }
}

import { expect } from "vitest";
import type { MessageOnItsWay, SessionPlace } from "../../../../../bots/main/sessions/ports.ts";
import { isInScope, type StopScope } from "../../../../../bots/main/sessions/scope/stop-receipt.ts";
import type { FakeAgent } from "./fake-agent.ts";

/** Messages on their way when their conversation was stopped: no agent may get them, unless they are restored. */
export class FallenMessages {
  private readonly coming = new Map<string, SessionPlace>();
  private readonly fallen = new Set<string>();
  /** Pieces: only these may share a turn with others. */
  private readonly pieces = new Set<string>();

  piece(text: string): void {
    this.pieces.add(text);
  }

  comes(text: string, place: SessionPlace): void {
    this.coming.set(text, place);
  }

  came(text: string): void {
    this.coming.delete(text);
  }

  stopped(scope: StopScope, overtaken: readonly MessageOnItsWay[]): void {
    const behind = overtaken.map(({ text, place }) => [text, place] as const);
    for (const [text, where] of [...this.coming, ...behind])
      if (isInScope(where, scope)) this.fallen.add(text);
  }

  restored(): void {
    this.fallen.clear();
  }

  /** A stop that was killed gave no receipt. */
  killed(): void {
    this.fallen.clear();
    this.coming.clear();
  }

  check(agents: readonly FakeAgent[]): void {
    for (const { text } of agents.flatMap(({ sent }) => sent)) {
      for (const part of text.split("\n\n"))
        expect(this.fallen.has(part), `stopped ${part}`).toBe(false);
      const parts = text.split("\n\n").map((part) => part.split("\n").at(-1) ?? "");
      const isOne = parts.length === 1 || parts.every((part) => this.pieces.has(part));
      expect(isOne, `one turn of ${text}`).toBe(true);
    }
  }
}

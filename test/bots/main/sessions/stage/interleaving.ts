import { expect } from "vitest";
import type { MessageOnItsWay, SessionPlace } from "../../../../../bots/main/sessions/ports.ts";
import type {
  StopReceipt,
  StopScope,
} from "../../../../../bots/main/sessions/scope/stop-receipt.ts";
import { isInScope } from "../../../../../bots/main/sessions/scope/stop-receipt.ts";
import type { Session } from "../../../../../bots/main/sessions/session.ts";
import { seededRandom } from "../../../../support/seeded-random.ts";
import { AgentMoves } from "./agent-moves.ts";
import type { FakeAgent } from "./fake-agent.ts";
import { FallenMessages } from "./fallen-messages.ts";
import { MessageModel } from "./message-model.ts";
import { minuteMs, Stage } from "./stage.ts";

const topicA: SessionPlace = { chatId: 7, topicId: 1 };
const topicB: SessionPlace = { chatId: 7, topicId: 2 };
const far: SessionPlace = { chatId: 8 };
const places = [topicA, topicB, far];
const waits = [1, 50, 300, 2_000, 5_000, minuteMs, 10 * minuteMs];
const firstSessions = [
  ["a1", topicA],
  ["a2", topicA],
  ["b", topicB],
  ["far", far],
] as const;
const seats = 2;
const wishes = "restore cancel decide interrupted model timeout choose".split(" ");

/** One random story of messages, agents, stops and restarts; the same seed tells the same story. */
export class Interleaving {
  readonly steps: string[] = [];
  private readonly random: () => number;
  private readonly stops: { readonly scope: StopScope; readonly order: number }[] = [];
  private readonly model = new MessageModel((sessionId, order) => {
    const place = this.stage.parts.store.get(sessionId).conversation;
    return this.stops.some((stop) => stop.order > order && isInScope(place, stop.scope));
  });
  private stage!: Stage;
  private readonly receipts: StopReceipt[] = [];
  private readonly pending = new Set<Promise<unknown>>();
  private readonly moves: AgentMoves;
  private readonly fallen = new FallenMessages();
  private count = 0;
  private lives = 0;

  constructor(seed: number) {
    this.random = seededRandom(seed);
    this.moves = new AgentMoves(this.random);
  }

  async run(steps: number): Promise<void> {
    await this.open(undefined);
    for (const [name, place] of firstSessions) await this.stage.create(name, place);
    for (let step = 0; step < steps; step += 1) {
      await this.step();
      // Only some of what is ready happens before the next step.
      for (let left = Math.floor(this.random() * 8); left > 0; left -= 1) await Promise.resolve();
      if (this.random() < 0.3) await this.stage.settle();
      this.check();
    }
    await this.finish();
  }

  private async step(): Promise<void> {
    const roll = this.random();
    if (roll < 0.2) this.message();
    else if (roll < 0.24) this.laneGoesOn();
    else if (roll < 0.6) this.agentDoes();
    else if (roll < 0.72) await this.timePasses();
    else if (roll < 0.82) this.stop();
    else if (roll < 0.97) await this.personDoes();
    else await this.restart();
  }

  private message(): void {
    this.count += 1;
    const place = this.pick(places);
    const message = {
      ...this.stage.onItsWay(`m${this.count}`, { place }),
      sent: {
        atS: Math.floor(this.stage.clock.now() / 1_000),
        as: this.random() < 0.1 ? "forwarded" : "alone",
      },
    };
    if (message.sent.as === "forwarded") this.fallen.piece(message.text);
    this.note(`message ${message.text} to ${place.chatId}/${place.topicId ?? ""}`);
    // Others of its conversation are before it.
    const isBehind = this.stage.onTheirWay.some((each) => each.place === place);
    if (isBehind || this.random() < 0.1)
      this.stage.onTheirWay = [...this.stage.onTheirWay, message];
    else this.accept(message);
  }

  /** The first message that the bot has in hand comes to its session. */
  private laneGoesOn(): void {
    const [first, ...others] = this.stage.onTheirWay;
    if (first === undefined) return;
    this.note(`${first.text} comes`);
    this.stage.onTheirWay = others;
    this.accept(first);
  }

  private accept({ hasFile: _hasFile, ...message }: MessageOnItsWay): void {
    const life = this.lives;
    const sent = message.sent ?? { atS: 0, as: "alone" };
    if (!this.stage.parts.journal.messages.knows(message.id))
      this.fallen.comes(message.text, message.place);
    this.later(
      this.stage.sessions.accept({ ...message, sent }).then((acceptance) => {
        this.fallen.came(message.text);
        if (acceptance?.kind === "accepted" && life === this.lives)
          this.model.acknowledged.add(acceptance.message.seq);
        return acceptance;
      }),
    );
  }

  private agentDoes(): void {
    const { alive } = this.stage.agents;
    if (alive.length === 0) return;
    const agent = this.pick(alive);
    this.note(`agent ${agent.identity.pid} (${agent.state}): ${this.moves.move(agent)}`);
  }

  private async timePasses(): Promise<void> {
    const ms = this.pick(waits);
    this.note(`${ms} ms pass`);
    await this.stage.clock.advance(ms);
  }

  private stop(): void {
    const place = this.pick(places);
    const scope: StopScope =
      this.random() < 0.7
        ? { kind: "conversation", place }
        : { kind: "chat", chatId: place.chatId };
    this.note(`stop ${JSON.stringify(scope)}`);
    const { alive } = this.stage.agents;
    const outside = alive
      .filter((agent) => !this.isIn(agent, scope))
      .map((agent) => [agent, agent.interrupted, agent.state] as const);
    for (const agent of alive) if (this.isIn(agent, scope)) this.moves.stopped(agent);
    this.fallen.stopped(scope, this.stage.parts.onTheirWay());
    const order = this.stage.nextOrder();
    this.stops.push({ scope, order });
    this.later(
      this.stage.sessions.stop(scope, order).then((receipt) => {
        this.receipts.push(receipt);
        for (const { place: where } of receipt.sessions) expect(isInScope(where, scope)).toBe(true);
        return receipt;
      }),
    );
    for (const [agent, interrupted, state] of outside) {
      expect([agent.interrupted, agent.state]).toEqual([interrupted, state]);
    }
  }

  private async personDoes(): Promise<void> {
    const session = this.pick(this.stage.sessions.all());
    const what = this.pick(wishes);
    this.note(`person: ${what} ${session.record().name}`);
    const receipt = this.receipts[Math.floor(this.random() * this.receipts.length)];
    const [turn] = this.stage.parts.journal.messages.turns.filter(
      ({ state }) => state === "interrupted",
    );
    if (what === "restore") {
      this.fallen.restored();
      const token = receipt?.restoreToken ?? "";
      const count = this.model.restorable(token);
      this.later(
        this.stage.sessions.restore(token).then((restored) => expect(restored).toBe(count)),
      );
    }
    if (what === "cancel") {
      const seq = this.pick([...this.model.fates.keys(), 1]);
      this.model.cancelWished.add(seq);
      this.later(this.stage.sessions.cancel(seq));
    } else if (what === "decide") session.decide(this.random() < 0.5 ? "retry" : "fresh");
    else if (what === "model") session.setModel(this.pick(["opus", null]));
    else if (what === "timeout") session.setIdleTimeout(this.pick([minuteMs, 10 * minuteMs]));
    else if (what === "choose") this.stage.sessions.choose(session);
    else if (turn !== undefined) {
      const wish = this.random() < 0.6 ? "resume" : "discard";
      if (wish === "discard") this.model.discardWished.add(turn.turn);
      this.later(this.stage.sessions.decideInterrupted(turn.turn, wish));
    }
  }

  private async restart(): Promise<void> {
    const isOrderly = this.random() < 0.5;
    this.note(isOrderly ? "orderly restart" : "killed");
    if (isOrderly) {
      const closing = this.stage.sessions.close(6_000);
      await this.stage.pass(20_000);
      await closing;
      expect(this.stage.agents.alive).toEqual([]);
    }
    await this.open(this.stage);
  }

  private async open(earlier: Stage | undefined): Promise<void> {
    this.lives += 1;
    this.model.kill();
    this.fallen.killed();
    this.pending.clear();
    const inHand = this.stage?.onTheirWay ?? [];
    this.stage = await Stage.open({
      limit: seats,
      random: seededRandom(1_000 * this.lives + 1),
      onJournal: (ledger) => {
        this.model.resume(ledger);
        this.model.watch(ledger);
      },
      ...(earlier === undefined ? {} : { earlier }),
    });
    this.stage.onTheirWay = inHand;
  }

  private check(): void {
    const { alive } = this.stage.agents;
    const owners = alive.map(({ where }) => where.sessionId);
    expect(new Set(owners).size, "one process a session").toBe(owners.length);
    expect(alive.length, "seats").toBeLessThanOrEqual(seats);
    const seen = [
      ...this.stage.chat.turns.map(({ text }) => text),
      ...[...this.stage.chat.delivered.values()].map(({ text }) => text),
      ...this.stage.chat.said.map(({ saying }) => JSON.stringify(saying)),
    ].join();
    this.fallen.check(alive);
    for (const word of this.moves.lateWords) expect(seen.includes(word), word).toBe(false);
    expect(this.stage.log.of("error").join("\n"), "errors").toBe("");
  }

  /** Everybody behaves from now on: everything comes to its end, and nothing is left. */
  private async finish(): Promise<void> {
    this.note("finish");
    this.stage.agents.onStart = (agent) => {
      agent.stopTakesMs = 0;
    };
    for (let round = 0; round < 60 && !this.isQuiet(); round += 1) {
      for (const { request } of this.stage.parts.journal.requests.open)
        this.stage.sessions.answer(request, { kind: "allow" });
      for (const agent of this.stage.agents.alive) this.moves.behave(agent);
      while (this.stage.onTheirWay.length > 0) this.laneGoesOn();
      for (const session of this.stage.sessions.all()) session.decide("fresh");
      for (const { turn, state } of this.stage.parts.journal.messages.turns) {
        if (state === "interrupted") await this.stage.sessions.decideInterrupted(turn, "resume");
      }
      await this.stage.pass(2_000);
      this.check();
    }
    expect(this.model.unfinished, "messages without an end").toEqual([]);
    expect(this.pending.size, "promises that never settled").toBe(0);
    expect(
      this.stage.sessions.all().filter((session: Session) => session.isBusy),
      "busy sessions",
    ).toEqual([]);
    await this.stage.pass(11 * minuteMs);
    expect(this.stage.agents.alive, "agents that were not suspended").toEqual([]);
    expect(this.stage.clock.pendingTimers, "timers").toBe(0);
  }

  private isQuiet(): boolean {
    return (
      this.model.unfinished.length === 0 &&
      this.pending.size === 0 &&
      this.stage.parts.journal.requests.open.length === 0 &&
      this.stage.sessions.all().every(({ isBusy }) => !isBusy) &&
      this.stage.agents.alive.every(
        ({ state, backgroundTasks }) => state === "idle" && backgroundTasks === 0,
      )
    );
  }

  private isIn(agent: FakeAgent, scope: StopScope): boolean {
    return isInScope(this.stage.parts.store.get(agent.where.sessionId).conversation, scope);
  }

  private later(work: Promise<unknown>): void {
    const { pending } = this;
    pending.add(work);
    void work
      .finally(() => pending.delete(work))
      .catch((error: unknown) => {
        this.steps.push(`!! ${String(error)}`);
        throw error;
      });
  }

  private note(step: string): void {
    this.steps.push(step);
  }

  private pick<T>(list: readonly T[]): T {
    const picked = list[Math.floor(this.random() * list.length)];
    if (picked === undefined) throw new Error("nothing to pick from");
    return picked;
  }
}

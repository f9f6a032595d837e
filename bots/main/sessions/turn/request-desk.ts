import { untilStorageWorks } from "../../../../shared/storage/patience.ts";
import type { AgentProcess, AgentReply, AgentRequest } from "../../agents/port.ts";
import { behalfOfTurn } from "../queue/behalf.ts";
import type { JournalLine, RequestState } from "../queue/journal-line.ts";
import { randomId } from "../random-id.ts";
import type { SessionParts } from "../session-parts.ts";
import type { SessionVoice } from "../session-voice.ts";

interface OpenRequest {
  readonly agentsId: string;
  readonly process: AgentProcess;
}

export const stoppedReply: AgentReply = { kind: "deny", message: "The user stopped this." };

/** What the agent of one session asks people. Each request ends once, and its record says how. */
export class RequestDesk {
  private readonly parts: SessionParts;
  private readonly id: string;
  private readonly voice: SessionVoice;
  private readonly onChange: () => void;
  private readonly open = new Map<string, OpenRequest>();

  /** @param onChange called when another number of requests waits for a person */
  constructor(parts: SessionParts, id: string, voice: SessionVoice, onChange: () => void) {
    this.parts = parts;
    this.id = id;
    this.voice = voice;
    this.onChange = onChange;
  }

  get openCount(): number {
    return this.open.size;
  }

  ask(process: AgentProcess, { id: agentsId, ask }: AgentRequest, turn: number | undefined): void {
    const { journal, chat, clock, store, random, log, closing } = this.parts;
    const { name: session, conversation } = store.get(this.id);
    const request = this.newId();
    this.open.set(request, { agentsId, process });
    this.onChange();
    const asked = { t: "asked" as const, request, sessionId: this.id, atMs: clock.now() };
    const saying = { kind: "request" as const, request, session, ask };
    const behalf = turn === undefined ? undefined : behalfOfTurn(journal.messages, turn);
    const patience = { onRefused: () => undefined, clock, random, log };
    this.voice.tell(async () => {
      await journal.record(turn === undefined ? asked : { ...asked, turn });
      // The agent waits for an answer that nobody can give before it is asked.
      await untilStorageWorks(patience, closing, async () => {
        if (!this.open.has(request)) return;
        await chat.say(conversation, `${this.id}/ask/${request}`, saying, behalf);
      });
    });
  }

  /** @returns how it stands now: a second press, or one that is too late, changes nothing */
  answer(request: string, reply: AgentReply): RequestState {
    const open = this.open.get(request);
    if (open === undefined) return this.parts.journal.requests.get(request)?.state ?? "expired";
    const isTaken = open.process.answer(open.agentsId, reply);
    return this.settle(request, isTaken ? stateAfter(reply) : "expired");
  }

  /** The agent does not want to know any more. */
  withdraw(agentsId: string): void {
    for (const [request, open] of this.open) {
      if (open.agentsId === agentsId) this.settle(request, "withdrawn");
    }
  }

  /** A stop: background work that asked would else wait for ever. */
  denyAll(): void {
    for (const { agentsId, process } of this.open.values()) process.answer(agentsId, stoppedReply);
    this.withdrawAll();
  }

  withdrawAll(): void {
    for (const request of this.open.keys()) this.settle(request, "withdrawn");
  }

  private settle(request: string, state: RequestState): RequestState {
    const { journal, chat, clock, store } = this.parts;
    this.open.delete(request);
    const line: JournalLine = { t: "settled", request, state, atMs: clock.now() };
    journal.note(line);
    chat.settled(store.get(this.id).conversation, request, state);
    this.onChange();
    return state;
  }

  /** Short, because it stands in a button. */
  private newId(): string {
    const { random, journal } = this.parts;
    for (;;) {
      const id = randomId(8, random);
      if (journal.requests.get(id) === undefined && !this.open.has(id)) return id;
    }
  }
}

function stateAfter({ kind }: AgentReply): RequestState {
  if (kind === "allow") return "allowed";
  return kind === "deny" ? "denied" : "answered";
}

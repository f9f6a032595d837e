import type { FakeAgent } from "./fake-agent.ts";

const kinds = [
  "ready",
  "ready",
  "say",
  "ask",
  "end",
  "end",
  "end",
  "fail",
  "exit",
  "background",
  "itself",
  "stubborn",
  "slow",
] as const;

/** What agents do by chance, and which of their words must never be seen. */
export class AgentMoves {
  readonly lateWords: string[] = [];
  private readonly random: () => number;
  /** Agents whose work was stopped, and how many messages they had then. */
  private readonly stoppedAt = new Map<FakeAgent, number>();
  /** Agents that were at background work at some time after their stop: it may ask while they are idle. */
  private readonly inBackground = new Set<FakeAgent>();
  private count = 0;

  constructor(random: () => number) {
    this.random = random;
  }

  /** What the agent works on now was stopped. */
  stopped(agent: FakeAgent): void {
    if (agent.state !== "busy") return;
    this.stoppedAt.set(agent, agent.sent.length);
    if (agent.backgroundTasks === 0) this.inBackground.delete(agent);
  }

  move(agent: FakeAgent): string {
    const what = this.pick(kinds);
    const isBusy = agent.state === "busy";
    if (what === "ready") this.answerStart(agent);
    else if (what === "say" && (isBusy || agent.state === "idle")) agent.say(this.word(agent));
    else if (what === "ask") this.ask(agent);
    else if (what === "end" && isBusy) agent.endTurn(this.word(agent));
    else if (what === "fail" && isBusy) agent.endTurn(this.word(agent), "failed");
    else if (what === "exit" && this.random() < 0.5) {
      agent.exit("crashed", isBusy ? this.word(agent) : "it died");
    } else if (what === "background") {
      agent.setBackground(agent.backgroundTasks === 0 ? ["build"] : []);
      this.inBackground.add(agent);
    } else if (what === "itself" && agent.state === "idle") {
      this.stoppedAt.delete(agent);
      agent.startByItself();
    } else if (what === "stubborn") {
      agent.interrupts = agent.interrupts === "obeys" ? "ignores" : "obeys";
    } else if (what === "slow") agent.stopTakesMs = this.pick([0, 300, 6_000]);
    return what;
  }

  /** Comes to the end of all that it has begun, as an agent should. */
  behave(agent: FakeAgent): void {
    agent.interrupts = "obeys";
    if (agent.backgroundTasks > 0) agent.setBackground([]);
    const isAtWork = agent.state === "starting" || agent.state === "busy";
    if (isAtWork) agent.ready(`history of ${agent.where.sessionId}`);
    if (agent.state === "busy") agent.endTurn("the end");
  }

  private answerStart(agent: FakeAgent): void {
    if (agent.state !== "starting" && agent.state !== "busy") return;
    const { resume } = agent.where;
    const own = `history of ${agent.where.sessionId}`;
    if (resume !== undefined && this.random() < 0.15) agent.exit("resume_failed", "no history");
    else agent.ready(resume !== undefined && this.random() < 0.1 ? "another history" : own);
  }

  private ask(agent: FakeAgent): void {
    const summary = this.word(agent);
    const ask = { kind: "permission" as const, tool: "Bash", summary };
    agent.emit({ kind: "request", request: { id: summary, ask } });
    if (this.random() < 0.5) agent.emit({ kind: "request_withdrawn", id: summary });
  }

  /** Words that can be told apart, so that none of the wrong ones is missed. */
  private word(agent: FakeAgent): string {
    this.count += 1;
    const word = `<w${this.count}>`;
    const isOfBackground = agent.state === "idle" && this.inBackground.has(agent);
    const isStopped = this.stoppedAt.get(agent) === agent.sent.length;
    if (isStopped && !isOfBackground) this.lateWords.push(word);
    return word;
  }

  private pick<T>(list: readonly T[]): T {
    const picked = list[Math.floor(this.random() * list.length)];
    if (picked === undefined) throw new Error("nothing to pick from");
    return picked;
  }
}

import { randomUUID } from "node:crypto";
import { type Act, acts, type Outcome } from "./acts.ts";
import type { Memory } from "./memory.ts";
import type { Requests } from "./requests.ts";
import { smallTalk } from "./small-talk.ts";
import type { StartArguments } from "./start-arguments.ts";
import { runTool } from "./tool-process.ts";
import type { Voice } from "./voice.ts";

/** The turns of the demo agent, one after the other: those it is told, and those it begins by itself. */
export class Turns {
  persona: string | undefined;
  private readonly memory: Memory;
  private readonly args: StartArguments;
  private readonly voice: Voice;
  private readonly requests: Requests;
  private readonly background = new Map<string, string>();
  private queue: Promise<void> = Promise.resolve();
  private outlives = false;
  private running: AbortController | undefined;

  constructor(memory: Memory, args: StartArguments, voice: Voice, requests: Requests) {
    this.memory = memory;
    this.args = args;
    this.voice = voice;
    this.requests = requests;
  }

  message(text: string, images: number): void {
    this.enqueue(async (signal) => {
      await this.memory.add(text);
      const [act, amount] = actOf(text);
      if (act !== undefined) return act.play(this.stage(signal, amount));
      const { memory, persona, args } = this;
      return smallTalk({ memory, persona, model: args.model, images });
    });
  }

  interrupt(): void {
    this.running?.abort(new Error("interrupted"));
  }

  /** Everything that was told has been done, and nothing keeps the program. */
  finished(): Promise<void> {
    return this.outlives ? new Promise(() => undefined) : this.queue;
  }

  /** Nothing that asks it to end does so. */
  private outlive(): void {
    process.removeAllListeners("SIGTERM");
    process.on("SIGTERM", () => undefined);
    setInterval(() => undefined, 60_000);
    this.outlives = true;
  }

  private enqueue(play: (signal: AbortSignal) => Promise<Outcome>): void {
    this.queue = this.queue.then(() => this.run(play));
  }

  private async run(play: (signal: AbortSignal) => Promise<Outcome>): Promise<void> {
    const running = new AbortController();
    this.running = running;
    this.voice.init();
    try {
      const outcome = await play(running.signal);
      if (outcome === undefined) return;
      const text = typeof outcome === "string" ? outcome : outcome.said;
      if (typeof outcome === "string") await this.voice.say(text, running.signal);
      const inputWords = this.memory.messages.join(" ").split(/\s+/).length;
      this.voice.answered({ text, turns: 1, inputWords });
    } catch (error) {
      if (!running.signal.aborted) throw error;
      this.voice.interrupted();
    } finally {
      this.running = undefined;
    }
  }

  private stage(signal: AbortSignal, amount: number) {
    return {
      voice: this.voice,
      requests: this.requests,
      skipsPermissions: this.args.skipsPermissions,
      signal,
      amount,
      outlive: (): void => {
        this.outlive();
      },
      inBackground: (description: string, seconds: number): void => {
        void this.workInBackground(description, seconds);
      },
    };
  }

  private async workInBackground(description: string, seconds: number): Promise<void> {
    const id = randomUUID();
    this.background.set(id, description);
    this.voice.line({ type: "system", subtype: "task_started", task_id: id, description });
    this.tellBackground();
    await runTool(seconds, new AbortController().signal);
    this.background.delete(id);
    const ended = { task_id: id, status: "completed", summary: description };
    this.voice.line({ type: "system", subtype: "task_notification", ...ended });
    this.tellBackground();
    this.enqueue(() => Promise.resolve(`My background work is done: ${description}.`));
  }

  private tellBackground(): void {
    const tasks = [...this.background].map(([id, description]) => ({ task_id: id, description }));
    this.voice.line({ type: "system", subtype: "background_tasks_changed", tasks });
  }
}

/** Only a message that is nothing but the word, and a number where it takes one: people say "ask" in sentences too. */
function actOf(text: string): readonly [act: Act | undefined, amount: number] {
  const found = /^\s*([a-z-]+)(?:\s+(\d+)\s*(?:s|mb)?)?\s*$/i.exec(text);
  const word = found?.[1]?.toLowerCase() ?? "";
  const act = Object.hasOwn(acts, word) ? acts[word] : undefined;
  return [act, Number(found?.[2] ?? act?.amount ?? 0)];
}

import { randomUUID } from "node:crypto";
import { systemClock } from "../../../../../shared/clock.ts";
import type { Requests } from "./requests.ts";
import { leaveProcess, runTool } from "./tool-process.ts";
import type { Voice } from "./voice.ts";

interface Stage {
  readonly voice: Voice;
  readonly requests: Requests;
  readonly skipsPermissions: boolean;
  /** Of this turn. */
  readonly signal: AbortSignal;
  /** The number behind the word. */
  readonly amount: number;
  /** From now on only SIGKILL ends the program. */
  readonly outlive: () => void;
  /** Goes on after the turn; when it is over the agent speaks up by itself. */
  readonly inBackground: (description: string, seconds: number) => void;
}

/** An answer to be said, or one that is out already; undefined where the turn has ended in another way. */
export type Outcome = string | { readonly said: string } | undefined;

export interface Act {
  readonly does: string;
  /** Where the word takes a number: what it is without one. */
  readonly amount?: number;
  readonly play: (stage: Stage) => Promise<Outcome>;
}

const never = new Promise<never>(() => undefined);

/** The simple words that the demo agent obeys. docs/agents.md shows this table. */
export const acts: Readonly<Record<string, Act>> = {
  slow: {
    does: "answers for so many seconds",
    amount: 10,
    async play({ voice, signal, amount }) {
      const words = Array.from({ length: amount * 5 }, (_, at) => `word${at + 1}`).join(" ");
      await voice.say(words, signal, 200);
      return { said: words };
    },
  },
  tool: {
    does: "runs a real command for so many seconds",
    amount: 3,
    async play({ voice, signal, amount }) {
      await useTool(voice, `sleep ${amount}`, () => runTool(amount, signal));
      return `The command took ${amount} s.`;
    },
  },
  ask: {
    does: "asks for a permission",
    async play({ voice, requests, signal, skipsPermissions }) {
      const input = { command: "rm -r demo-folder", description: "remove the demo's folder" };
      if (skipsPermissions) return "I did not ask: permissions are skipped.";
      const { behavior, message } = await requests.ask("Bash", input, signal);
      if (behavior === "deny") return `You said no: ${message ?? ""}`;
      await useTool(voice, input.command, () => Promise.resolve());
      return "You allowed it. (Nothing was removed.)";
    },
  },
  question: {
    does: "asks you something",
    async play({ requests, signal }) {
      const question = "Which colour shall it be?";
      const options = [
        { label: "Red", description: "like a tomato" },
        { label: "Blue", description: "like the sea" },
      ];
      const questions = [{ question, header: "Colour", options, multiSelect: false }];
      const reply = await requests.ask("AskUserQuestion", { questions }, signal);
      const answer = reply.updatedInput?.answers?.[question];
      return answer === undefined ? "You did not answer." : `You chose ${answer}.`;
    },
  },
  plan: {
    does: "shows a plan and asks whether to go on",
    async play({ requests, signal }) {
      const plan = "1. look around\n2. do it\n3. tell you";
      const { behavior } = await requests.ask("ExitPlanMode", { plan }, signal);
      return behavior === "allow" ? "I follow the plan." : "I stay with planning.";
    },
  },
  background: {
    does: "works on after its answer, for so many seconds, then speaks up by itself",
    amount: 5,
    play({ inBackground, amount }) {
      inBackground("a long calculation", amount);
      return Promise.resolve(`I go on in the background for ${amount} s.`);
    },
  },
  big: {
    does: "answers with so many megabytes in one line",
    amount: 5,
    play({ voice, amount }) {
      const text = "0123456789abcde\n".repeat((amount * 1024 * 1024) / 16);
      voice.block({ type: "text", text });
      return Promise.resolve({ said: text });
    },
  },
  "api-error": {
    does: "fails as a model that is overloaded does",
    async play({ voice, signal }) {
      const retry = { type: "system", subtype: "api_retry", attempt: 1, max_retries: 1 };
      voice.line({ ...retry, retry_delay_ms: 500, error_status: 529, error: "overloaded" });
      await systemClock.sleep(500, signal);
      voice.refused("API Error: 529 Overloaded. This is a server-side issue, usually temporary.");
      return undefined;
    },
  },
  hang: {
    does: "says nothing any more; a stop helps",
    play: ({ signal }) => systemClock.sleep(2 ** 31 - 1, signal).then(() => undefined),
  },
  "ignore-interrupt": {
    does: "says nothing any more, and a stop does not help: only its end does",
    play: () => never,
  },
  stubborn: {
    does: "ignores SIGTERM and the end of its input from now on",
    play({ outlive }) {
      outlive();
      return Promise.resolve("From now on only SIGKILL ends me.");
    },
  },
  fork: {
    does: "leaves a process of its own behind",
    play: () => Promise.resolve(`I left process ${leaveProcess() ?? "nobody"} behind.`),
  },
  garbage: {
    does: "prints lines that nobody understands, then answers",
    play({ voice }) {
      voice.raw("this is no JSON\n[1,2,3]\n\n");
      voice.line({ type: "news_from_the_future", text: "hello" });
      return Promise.resolve("I said strange things.");
    },
  },
  "half-line": {
    does: "prints half a line and dies",
    play({ voice }) {
      voice.raw('{"type":"assistant","message":{"content":[{"type":"te');
      return dieSoon();
    },
  },
  die: {
    does: "begins to answer and dies",
    async play({ voice, signal }) {
      await voice.say("This will be my last", signal);
      return dieSoon();
    },
  },
  exit: {
    does: "ends with this code in mid-turn",
    amount: 1,
    play({ amount }) {
      process.stderr.write(`The demo agent was told to exit with ${amount}.\n`);
      process.exit(amount);
    },
  },
};

async function useTool(voice: Voice, command: string, run: () => Promise<void>): Promise<void> {
  const id = `toolu_${randomUUID()}`;
  voice.block({ type: "tool_use", id, name: "Bash", input: { command } });
  try {
    await run();
  } catch (error) {
    voice.toolResult(id, "interrupted", true);
    throw error;
  }
  voice.toolResult(id, "done", false);
}

/** After what was printed has left. */
async function dieSoon(): Promise<never> {
  await systemClock.sleep(50);
  process.kill(process.pid, "SIGKILL");
  return never;
}

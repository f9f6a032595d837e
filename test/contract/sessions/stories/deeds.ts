import { readFileSync } from "node:fs";
import { z } from "zod";

const deedSchema = z.object({
  /** On the clock of {@link nowMs}. */
  atMs: z.number(),
  session: z.string(),
  pid: z.int(),
  did: z.enum(["started", "got", "tool", "done", "interrupted", "term"]),
  word: z.string().optional(),
  words: z.array(z.string()).optional(),
  tool: z.int().optional(),
});

export type Deed = z.infer<typeof deedSchema>;

/** A message in the hands of an agent. */
export interface Run {
  readonly word: string;
  readonly pid: number;
  readonly atMs: number;
  readonly doneMs: number | undefined;
}

/** When the bot was being restarted. */
export interface Restart {
  readonly how: "kill" | "stop";
  readonly beganMs: number;
  readonly readyMs: number;
}

/** One clock for processes of this machine. */
export function nowMs(): number {
  return performance.timeOrigin + performance.now();
}

/** What the agents of a company really did, as they wrote it down themselves. */
export class Deeds {
  private readonly path: string;
  private readonly known: Deed[] = [];
  private read = 0;

  constructor(path: string) {
    this.path = path;
  }

  all(): readonly Deed[] {
    const text = readFileSync(this.path, "utf8");
    const end = text.lastIndexOf("\n") + 1;
    const lines = text.slice(this.read, end).split("\n").slice(0, -1);
    this.read = end;
    this.known.push(...lines.map((line) => deedSchema.parse(JSON.parse(line))));
    return this.known;
  }

  of(session: string): readonly Deed[] {
    return this.all().filter((deed) => deed.session === session);
  }

  /** Every time that an agent of the session got a message, in their order. */
  runsOf(session: string): readonly Run[] {
    const deeds = this.of(session);
    return deeds.flatMap(({ did, word = "", pid, atMs }) => {
      if (did !== "got") return [];
      const done = deeds.find(
        (deed) => deed.did === "done" && deed.word === word && deed.pid === pid,
      );
      return [{ word, pid, atMs, doneMs: done?.atMs }];
    });
  }

  /** How often an agent got, or finished, the message with this word. */
  count(did: "got" | "done", word: string): number {
    return this.all().filter((deed) => deed.did === did && deed.word === word).length;
  }
}

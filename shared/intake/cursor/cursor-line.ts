import { z } from "zod";
import { errorMessage } from "../../errors.ts";
import { Progress, type Snapshot, type Step } from "./progress.ts";

/**
 * A cursor file is a snapshot in its first line and one step per line behind it. A line that is damaged (a full disk
 * leaves half ones, which are written again behind) loses what it said and nothing else.
 */
const seq = z.int();
const snapshotLine = z.object({
  v: z.literal(1),
  w: seq,
  o: seq.optional(),
  h: z.array(seq),
  t: z.array(z.object({ s: seq, b: z.int(), f: z.int(), r: z.int(), e: z.string().optional() })),
});
const stepLine = z.object({
  b: z.array(seq).optional(),
  f: z.array(z.tuple([seq, z.string()])).optional(),
  r: z.array(seq).optional(),
  h: z.array(seq).optional(),
  w: seq.optional(),
});

export interface CursorText {
  /** Undefined where nothing in the text says how far the bot was. */
  readonly progress: Progress | undefined;
  /** The text says how far the bot was, but perhaps not all that it had handled. */
  readonly isPartial: boolean;
  /** Lines that are neither, with what is wrong; a half line at the end is none of them. */
  readonly damaged: readonly { readonly line: number; readonly why: string }[];
}

export function encodeSnapshot({ lowWater, origin, handled, tries }: Snapshot): string {
  const t = tries.map(([s, each]) => ({
    s,
    b: each.begun,
    f: each.failed,
    r: each.released,
    e: each.error,
  }));
  return `${JSON.stringify({ v: 1, w: lowWater, o: origin, h: handled, t })}\n`;
}

export function encodeStep(step: Step): string {
  const line = {
    b: step.begun,
    f: step.failed,
    r: step.released,
    h: step.handled,
    w: step.lowWater,
  };
  return `${JSON.stringify(line)}\n`;
}

export function decodeCursor(text: string): CursorText {
  const lines = text.split("\n");
  // Behind the last line end stands nothing, or the half line of a process that died.
  lines.pop();
  const damaged: { line: number; why: string }[] = [];
  let progress = new Progress({ lowWater: 0, origin: undefined, handled: [], tries: [] });
  for (const [index, line] of lines.entries()) {
    if (line === "") continue;
    try {
      const value: unknown = JSON.parse(line);
      if (index === 0) progress = progressOf(value);
      else progress.apply(stepOf(value));
    } catch (error) {
      damaged.push({ line: index + 1, why: errorMessage(error).split("\n")[0] ?? "" });
    }
  }
  const isPartial = damaged[0]?.line === 1 || lines.length === 0;
  // The mark is said again and again: most of what a lost snapshot said is behind it by now.
  const isUsable = !isPartial || progress.lowWater > 0;
  return { progress: isUsable ? progress : undefined, isPartial, damaged };
}

function progressOf(value: unknown): Progress {
  const { w, o, h, t } = snapshotLine.parse(value);
  return new Progress({
    lowWater: w,
    origin: o,
    handled: h,
    tries: t.map(({ s, b, f, r, e }) => [s, { begun: b, failed: f, released: r, error: e }]),
  });
}

function stepOf(value: unknown): Step {
  const { b = [], f = [], r = [], h = [], w } = stepLine.parse(value);
  return {
    begun: b,
    failed: f,
    released: r,
    handled: h,
    ...(w === undefined ? {} : { lowWater: w }),
  };
}

import { shortAmount } from "../../../shared/chain/amounts/format-amount.ts";
import type { Sample } from "../past/sample.ts";
import { localTime } from "../report/due.ts";
import { Canvas, type Colour, type Point, textWidth } from "./canvas.ts";

export interface ChartWords {
  readonly title: string;
  /** Below the title, in one line or two; says that a market is simulated. */
  readonly subtitle: string;
  readonly decimals: number;
  readonly zone: string;
}

const [width, height] = [1000, 560];
const plot = { left: 170, right: 960, top: 120, bottom: 490 };
const ground: Colour = [250, 250, 252];
const ink: Colour = [40, 44, 60];
const faint: Colour = [214, 216, 226];
const line: Colour = [38, 98, 217];
const below: Colour = [226, 235, 252];
const [gridLines, timeMarks] = [4, 4];
const dayMs = 86_400_000;

/**
 * The course of a value as a PNG picture.
 * @param samples at least two, oldest first
 */
export function valueChart(samples: readonly Sample[], words: ChartWords): Uint8Array {
  const canvas = new Canvas(width, height, ground);
  const values = samples.map(({ value }) => value);
  const scale = scaleOf(values);
  const [first, last] = [samples[0]?.atMs ?? 0, samples.at(-1)?.atMs ?? 1];
  const points = samples.map(({ atMs, value }): Point => {
    const part = (atMs - first) / Math.max(1, last - first);
    return { x: plot.left + part * (plot.right - plot.left), y: heightOf(value, scale) };
  });
  fillBelow(canvas, points);
  drawValues(canvas, scale, words.decimals);
  drawTimes(canvas, first, last, words.zone);
  for (const [index, point] of points.entries())
    canvas.line(points[index - 1] ?? point, point, 4, line);
  canvas.text(words.title, { x: 40, y: 22 }, 4, ink);
  for (const [index, text] of words.subtitle.split("\n").entries())
    canvas.text(text, { x: 40, y: 62 + index * 22 }, 2, ink);
  return canvas.toPng();
}

interface Scale {
  readonly low: bigint;
  readonly high: bigint;
}

/** A little more than from the least to the most, so that the line never lies on the edge. */
function scaleOf(values: readonly bigint[]): Scale {
  const least = values.reduce((a, b) => (a < b ? a : b));
  const most = values.reduce((a, b) => (a > b ? a : b));
  const room = (most - least) / 10n + most / 200n + 1n;
  return { low: least > room ? least - room : 0n, high: most + room };
}

/** Only the place in the picture is rounded. */
function heightOf(value: bigint, { low, high }: Scale): number {
  const part = Number(((value - low) * 10_000n) / (high - low)) / 10_000;
  return plot.bottom - part * (plot.bottom - plot.top);
}

function fillBelow(canvas: Canvas, points: readonly Point[]): void {
  for (const [index, to] of points.entries()) {
    const from = points[index - 1];
    if (from === undefined) continue;
    for (let x = Math.round(from.x); x <= to.x; x += 1) {
      const part = to.x === from.x ? 1 : Math.max(0, (x - from.x) / (to.x - from.x));
      const top = Math.round(from.y + part * (to.y - from.y));
      canvas.box({ x, y: top }, 1, plot.bottom - top, below);
    }
  }
}

function drawValues(canvas: Canvas, scale: Scale, decimals: number): void {
  for (let mark = 0; mark <= gridLines; mark += 1) {
    const value = scale.low + ((scale.high - scale.low) * BigInt(mark)) / BigInt(gridLines);
    const y = heightOf(value, scale);
    canvas.line({ x: plot.left, y }, { x: plot.right, y }, 1, faint);
    // Decimals of large values would only fill the picture.
    const words = shortAmount(value, decimals, value < 1_000n * 10n ** BigInt(decimals) ? 2 : 0);
    canvas.text(words, { x: plot.left - 12 - textWidth(words, 2), y: Math.round(y) - 7 }, 2, ink);
  }
}

function drawTimes(canvas: Canvas, first: number, last: number, zone: string): void {
  for (let mark = 0; mark <= timeMarks; mark += 1) {
    const at = first + ((last - first) * mark) / timeMarks;
    const time = localTime(at, zone);
    const words = last - first > 3 * dayMs ? time.slice(5, 10) : time.slice(11);
    const x = plot.left + ((plot.right - plot.left) * mark) / timeMarks;
    const start = Math.min(width - 10 - textWidth(words, 2), x - textWidth(words, 2) / 2);
    canvas.text(words, { x: Math.round(start), y: plot.bottom + 16 }, 2, ink);
  }
}

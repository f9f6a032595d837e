import { encode } from "fast-png";
import { glyphHeight, glyphWidth, isInk } from "./glyphs.ts";

export type Colour = readonly [red: number, green: number, blue: number];

export interface Point {
  readonly x: number;
  readonly y: number;
}

const channels = 3;

/** A picture, drawn point by point; y grows downwards. */
export class Canvas {
  readonly width: number;
  readonly height: number;
  private readonly points: Uint8Array;

  constructor(width: number, height: number, ground: Colour) {
    this.width = width;
    this.height = height;
    this.points = new Uint8Array(width * height * channels);
    this.box({ x: 0, y: 0 }, width, height, ground);
  }

  box(corner: Point, width: number, height: number, colour: Colour): void {
    for (let y = 0; y < height; y += 1)
      for (let x = 0; x < width; x += 1) this.mix(corner.x + x, corner.y + y, colour, 1);
  }

  /** A line with soft edges. @param thickness in points */
  line(from: Point, to: Point, thickness: number, colour: Colour): void {
    const reach = thickness / 2 + 1;
    const [left, right] = [Math.min(from.x, to.x) - reach, Math.max(from.x, to.x) + reach];
    const [top, bottom] = [Math.min(from.y, to.y) - reach, Math.max(from.y, to.y) + reach];
    for (let y = Math.floor(top); y <= bottom; y += 1)
      for (let x = Math.floor(left); x <= right; x += 1) {
        const cover = thickness / 2 + 0.5 - distance({ x, y }, from, to);
        if (cover > 0) this.mix(x, y, colour, Math.min(1, cover));
      }
  }

  /** @param size how many points of the picture one point of a letter is wide */
  text(words: string, corner: Point, size: number, colour: Colour): void {
    for (const [index, letter] of Array.from(words).entries())
      for (let row = 0; row < glyphHeight; row += 1)
        for (let column = 0; column < glyphWidth; column += 1) {
          if (!isInk(letter, column, row)) continue;
          const x = corner.x + (index * (glyphWidth + 1) + column) * size;
          this.box({ x, y: corner.y + row * size }, size, size, colour);
        }
  }

  toPng(): Uint8Array {
    return encode({
      width: this.width,
      height: this.height,
      data: this.points,
      channels,
      depth: 8,
    });
  }

  /** @param part 1: this colour alone; 0: what was there */
  mix(x: number, y: number, colour: Colour, part: number): void {
    const [column, row] = [Math.round(x), Math.round(y)];
    if (column < 0 || row < 0 || column >= this.width || row >= this.height) return;
    const at = (row * this.width + column) * channels;
    for (const [channel, value] of colour.entries()) {
      const before = this.points[at + channel] ?? 0;
      this.points[at + channel] = Math.round(before + (value - before) * part);
    }
  }
}

/** How wide a text is, in points. */
export function textWidth(words: string, size: number): number {
  return Array.from(words).length * (glyphWidth + 1) * size - size;
}

/** From a point to the nearest one of a line. */
function distance(point: Point, from: Point, to: Point): number {
  const [dx, dy] = [to.x - from.x, to.y - from.y];
  const length = dx * dx + dy * dy;
  const along = length === 0 ? 0 : ((point.x - from.x) * dx + (point.y - from.y) * dy) / length;
  const part = Math.max(0, Math.min(1, along));
  return Math.hypot(point.x - from.x - part * dx, point.y - from.y - part * dy);
}

import { describe, expect, it } from "vitest";
import { imageSize } from "../../../supervisor/sandbox/files/image-size.ts";

const bytes = (hex: string): Buffer => Buffer.from(hex.replaceAll(" ", ""), "hex");

const jpeg =
  "ffd8 ffe0 0010 4a46494600010100000100010000 ffdb 0004 0000 ffc2 0011 08 0014 001e 03 01220002110103110000";

describe("the size of a picture", () => {
  it.each([
    ["PNG", "89504e470d0a1a0a 0000000d 49484452 00000140 000000f0", "image/png", 320, 240],
    ["GIF", "474946383961 0500 0700", "image/gif", 5, 7],
    ["JPEG behind other segments, progressive", jpeg, "image/jpeg", 30, 20],
    [
      "WebP, lossy",
      "52494646 00000000 57454250 56503820 00000000 000000 9d012a 8002 e001",
      "image/webp",
      640,
      480,
    ],
    [
      "WebP, lossless",
      "52494646 00000000 57454250 5650384c 00000000 2f 0ac00100 0000000000",
      "image/webp",
      11,
      8,
    ],
    [
      "WebP, extended",
      "52494646 00000000 57454250 56503858 00000000 00000000 630000 c70000",
      "image/webp",
      100,
      200,
    ],
  ])("is read of %s", (_, hex, type, width, height) => {
    expect(imageSize(bytes(hex))).toEqual({ type, width, height });
  });

  it.each([
    ["nothing", ""],
    ["text", "68656c6c6f20776f726c64"],
    ["a PNG cut short", "89504e470d0a1a0a"],
    ["a JPEG without a frame", "ffd8 ffe0 0004 0000 ffd9"],
    ["a JPEG that runs away", "ffd8 ffe0 ffff 0000 0000 0000 0000"],
    ["something else in RIFF", "52494646 00000000 57415645 666d7420 000000000000000000000000"],
  ])("is unknown of %s", (_, hex) => {
    expect(imageSize(bytes(hex))).toBeUndefined();
  });
});

import { readFile } from "node:fs/promises";
import { systemErrorCode } from "../../errors.ts";
import { type ChronicleLine, decodeLine, olderChroniclePath } from "./chronicle-line.ts";

/** A bot's chronicle as it stands on the disk, whether or not the bot runs. */
export class ChronicleReader {
  private readonly lines: readonly string[];

  private constructor(lines: readonly string[]) {
    this.lines = lines;
  }

  /** Empty where there is none. @throws the system's error */
  static async read(path: string): Promise<ChronicleReader> {
    const older = await readIfThere(olderChroniclePath(path));
    const text = older + (await readIfThere(path));
    return new ChronicleReader(text.split("\n"));
  }

  /**
   * Lines of some kinds, oldest first.
   * @param number stands in each of them; looked for before a line is read, which is what takes the time
   */
  find<Kind extends ChronicleLine["t"]>(
    kinds: readonly Kind[],
    number?: number,
  ): Extract<ChronicleLine, { t: Kind }>[] {
    const wanted: readonly string[] = kinds;
    const begins = kinds.map((kind) => `{"t":"${kind}"`);
    const isOne = (line: ChronicleLine): line is Extract<ChronicleLine, { t: Kind }> =>
      wanted.includes(line.t);
    return this.lines.flatMap((text) => {
      if (!begins.some((begin) => text.startsWith(begin))) return [];
      if (number !== undefined && !text.includes(String(number))) return [];
      const line = decodeLine(text);
      return line !== undefined && isOne(line) ? [line] : [];
    });
  }
}

async function readIfThere(path: string): Promise<string> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    if (systemErrorCode(error) === "ENOENT") return "";
    throw error;
  }
}

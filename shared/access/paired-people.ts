import { readFileSync, statSync } from "node:fs";
import { errorMessage, systemErrorCode } from "../errors.ts";
import type { Log } from "../logger.ts";
import { accessSchema } from "./access-file.ts";

/**
 * Who was let in by a pairing code, as the file says at the moment of the question: one look at its time stamp, so that
 * a pairing and its end hold at once, whichever process wrote them. A file that cannot be read lets nobody in.
 */
export class PairedPeople {
  private readonly path: string;
  private readonly log: Log;
  private ids: ReadonlySet<number> = new Set();
  private seen = "";

  constructor(path: string, log: Log) {
    this.path = path;
    this.log = log;
  }

  has(userId: number): boolean {
    const stamp = this.stamp();
    if (stamp !== this.seen) {
      // The stamp is older than what is read: a change in between is read again at the next question.
      this.seen = stamp;
      this.ids = this.read();
    }
    return this.ids.has(userId);
  }

  private stamp(): string {
    try {
      const { ino, mtimeNs, size } = statSync(this.path, { bigint: true });
      return `${ino}:${mtimeNs}:${size}`;
    } catch (error) {
      return systemErrorCode(error) ?? "unreadable";
    }
  }

  private read(): ReadonlySet<number> {
    try {
      const { people } = accessSchema.parse(JSON.parse(readFileSync(this.path, "utf8")));
      return new Set(people.map(({ id }) => id));
    } catch (error) {
      if (systemErrorCode(error) !== "ENOENT")
        this.log.error("nobody is let in by pairing: the file cannot be used", {
          file: this.path,
          problem: errorMessage(error),
        });
      return new Set();
    }
  }
}

import { randomUUID } from "node:crypto";
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { writeFileAtomic } from "../../../../../shared/storage/atomic-file.ts";
import type { StartArguments } from "./start-arguments.ts";

const schema = z.object({ messages: z.array(z.string()) });
const folder = ".demo-agent";

/** What was said to the demo agent in one conversation, in a file of its working folder. */
export class Memory {
  readonly id: string;
  readonly messages: string[];

  private constructor(id: string, messages: string[]) {
    this.id = id;
    this.messages = messages;
  }

  /** @returns undefined where there is no such conversation */
  static open(resume: StartArguments["resume"]): Memory | undefined {
    const id = resume === "latest" ? newest() : resume?.id;
    if (id === undefined) return new Memory(randomUUID(), []);
    // An id is never a way out of the folder.
    const path = /^[\w-]+$/.test(id) ? fileOf(id) : undefined;
    if (path === undefined || !existsSync(path)) return undefined;
    return new Memory(id, schema.parse(JSON.parse(readFileSync(path, "utf8"))).messages);
  }

  async add(message: string): Promise<void> {
    this.messages.push(message);
    await writeFileAtomic(fileOf(this.id), JSON.stringify({ messages: this.messages }));
  }
}

function fileOf(id: string): string {
  return join(folder, `${id}.json`);
}

function newest(): string | undefined {
  if (!existsSync(folder)) return undefined;
  return readdirSync(folder)
    .filter((name) => /^[\w-]+\.json$/.test(name))
    .map((name) => ({ name, writtenMs: statSync(join(folder, name)).mtimeMs }))
    .toSorted((a, b) => b.writtenMs - a.writtenMs)[0]
    ?.name.slice(0, -".json".length);
}

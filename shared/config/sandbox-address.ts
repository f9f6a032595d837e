import { join } from "node:path";
import { z } from "zod";
import { OperationError } from "../errors.ts";
import { readKey } from "../http/key-file.ts";
import type { Log } from "../logger.ts";
import { identitySchema, judge, type ProcessIdentity } from "../process/identity.ts";
import { writeFileAtomic } from "../storage/atomic-file.ts";
import { readJsonFile } from "../storage/json-file.ts";
import type { BotToken } from "./bot-tokens.ts";

/** A sandbox that runs, and the key to its user's side. */
export interface SandboxDoor {
  readonly url: string;
  readonly key: string;
}

const addressSchema = z.object({ url: z.url(), owner: identitySchema });

export function sandboxDir(stateDir: string): string {
  return join(stateDir, "sandbox");
}

/** Whoever can read it speaks as the sandbox's user; its owner's alone. */
export function sandboxKeyPath(stateDir: string): string {
  return join(sandboxDir(stateDir), "key");
}

const addressFile = (stateDir: string): string => join(sandboxDir(stateDir), "address.json");

/** Tells the other processes of this machine where this state directory's sandbox listens. */
export async function writeSandboxAddress(
  stateDir: string,
  url: string,
  owner: ProcessIdentity,
): Promise<void> {
  await writeFileAtomic(addressFile(stateDir), `${JSON.stringify({ url, owner })}\n`);
}

/** The sandbox that runs on this state directory; undefined where none does. */
export async function findSandbox(stateDir: string, log: Log): Promise<SandboxDoor | undefined> {
  const address = await readJsonFile(addressFile(stateDir), addressSchema, log);
  if (address === undefined || judge(address.owner) !== "alive") return undefined;
  const key = await readKey(sandboxKeyPath(stateDir));
  return key === undefined ? undefined : { url: address.url, key };
}

const botSchema = z.object({ id: z.int(), token: z.string() });
const stateSchema = z.object({ me: z.int() });

export interface SandboxAccess {
  readonly tokens: ReadonlyMap<string, BotToken>;
  /** The sandbox's own user: a newcomer must reach an agent without a pairing. */
  readonly userId: number;
}

/** Finds or makes a sandbox bot for every name. */
export async function claimSandboxBots(
  { url, key }: SandboxDoor,
  names: readonly string[],
  signal: AbortSignal,
): Promise<SandboxAccess> {
  const ask = async (path: string, body?: unknown): Promise<unknown> => {
    const answer = await fetch(`${url}${path}`, {
      signal,
      headers: { authorization: `Bearer ${key}`, "content-type": "application/json" },
      ...(body === undefined ? {} : { method: "POST", body: JSON.stringify(body) }),
    });
    if (!answer.ok)
      throw new OperationError(
        `The sandbox at ${url} answered ${answer.status} to ${path}. Restart it, then try again.`,
      );
    return answer.json();
  };
  const tokens = new Map<string, BotToken>();
  for (const name of names) {
    const bot = botSchema.parse(await ask("/sandbox/bots", { name }));
    tokens.set(name, { token: bot.token, botId: bot.id });
  }
  return { tokens, userId: stateSchema.parse(await ask("/sandbox/state")).me };
}

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { handOver } from "../../shared/config/bot-settings.ts";
import { type Sandbox, startSandbox } from "../../supervisor/sandbox/sandbox.ts";
import { recordingLog } from "./recording-log.ts";

/** A sandbox in this process, and what a supervisor would hand to its one bot. */
export interface HandedBot {
  readonly sandbox: Sandbox;
  readonly dir: string;
  readonly stateDir: string;
  readonly me: number;
  /** The newcomer's private chat with the bot. */
  readonly chat: number;
  readonly environment: Record<string, string>;
  close(): Promise<void>;
}

/** @param name of the bot, on a token of its own */
export async function openHandedBot(
  options: Record<string, unknown> = {},
  name = "main",
): Promise<HandedBot> {
  const dir = mkdtempSync(join(tmpdir(), "handed-bot-"));
  const stateDir = join(dir, "var");
  const sandbox = await startSandbox({ log: recordingLog("sandbox") });
  const [bot] = await sandbox.ensureBots([name]);
  if (bot === undefined) throw new Error("the sandbox made no bot");
  const { me, chats } = sandbox.user.state();
  const environment = handOver({
    token: bot.token,
    settings: {
      name,
      role: name === "main" ? "main" : "auxiliary",
      botId: bot.id,
      mainBotId: name === "main" ? bot.id : bot.id + 1,
      tokenBots: [name],
      apiRoot: sandbox.url,
      stateDir,
      lockDir: dir,
      logLevel: "info",
      webhook: "delete",
      pollTimeoutSeconds: 10,
      allowedUsers: [me],
      allowedChats: [],
      sandbox: true,
      answers: { maxRichLength: 8_000, numbering: false, maxParts: 10 },
      options: name === "main" ? { dir, ...options } : options,
    },
  });
  return {
    sandbox,
    dir,
    stateDir,
    me,
    chat: chats.find(({ type }) => type === "private")?.id ?? 0,
    environment,
    async close() {
      await sandbox.close();
      rmSync(dir, { recursive: true, force: true });
    },
  };
}

/** What the bot has said in its private chat, oldest first. */
export function saidBy({ sandbox, chat }: HandedBot): string[] {
  return sandbox.user
    .messages(chat)
    .filter(({ from }) => from?.is_bot === true)
    .map(({ text }) => text ?? "");
}

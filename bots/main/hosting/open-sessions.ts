import { randomUUID } from "node:crypto";
import { readdir } from "node:fs/promises";
import { totalmem } from "node:os";
import { join } from "node:path";
import type { BotContext } from "../../../shared/bot-runtime/define-bot.ts";
import { systemClock } from "../../../shared/clock.ts";
import { errorMessage } from "../../../shared/errors.ts";
import { DiskStorage } from "../../../shared/storage/journal-storage.ts";
import type { AgentCatalogue } from "../agents/catalogue.ts";
import { agentMarkEnvironment, isAgentOf } from "../agents/process/agent-mark.ts";
import { removeUnclaimed } from "../agents/warm/unclaimed-folders.ts";
import { WarmAgent } from "../agents/warm/warm-agent.ts";
import { PlacedFile } from "../chat/placed-file.ts";
import { TelegramChat } from "../chat/telegram-chat.ts";
import { seatLimitFor } from "../sessions/life/seat-limit.ts";
import { Seats } from "../sessions/life/seats.ts";
import { SessionJournal } from "../sessions/queue/session-journal.ts";
import { TurnNotes } from "../sessions/queue/turn-notes.ts";
import { isRandomId, randomId } from "../sessions/random-id.ts";
import { DiskRecordFiles } from "../sessions/record/record-files.ts";
import { SessionStore } from "../sessions/record/session-store.ts";
import { readCommandLine } from "../sessions/recovery/command-line.ts";
import { leftoverEnder } from "../sessions/recovery/leftovers.ts";
import { recover } from "../sessions/recovery/recover.ts";
import { Fence } from "../sessions/scope/fence.ts";
import type { SessionParts } from "../sessions/session-parts.ts";
import { Sessions } from "../sessions/sessions.ts";
import { AgentSource } from "./agent-source.ts";
import { catalogueFor } from "./catalogue-for.ts";
import { onTheirWay } from "./on-their-way.ts";
import { SessionFiles } from "./session-files.ts";
import { readSessionOptions } from "./session-options.ts";
import { SessionReports } from "./session-reports.ts";
import { toolProcesses } from "./tool-processes.ts";

export interface OpenedSessions {
  readonly sessions: Sessions;
  readonly chat: TelegramChat;
  readonly files: SessionFiles;
  readonly catalogue: AgentCatalogue;
}

const idLength = 10;

/** Puts the sessions of main together, ends what an earlier life left, and takes up what it promised. */
export async function openSessions(context: BotContext): Promise<OpenedSessions> {
  const { config, stateDir, fleetId, log, botId } = context;
  const clock = systemClock;
  const random = Math.random;
  const options = readSessionOptions(config);
  const home = { fleet: fleetId, bot: "main" };
  // The agents' own files, apart from what we know about them.
  const folders = join(stateDir, "workspaces");
  const records = join(stateDir, "sessions");
  const catalogue = catalogueFor(context);
  const warm = warmAgent(catalogue, { home, folders, log });
  const placed = await PlacedFile.open(new DiskStorage(join(records, "placed.jsonl"), clock), log);
  const chat = new TelegramChat(context, botId, placed);
  const files = new SessionFiles({ folders, files: context.files, clock, random, log });
  const closing = new AbortController();
  const store = await SessionStore.open(new DiskRecordFiles(records, clock, log), clock, log);
  const nameOf = (session: string): string =>
    store.all().find(({ id }) => id === session)?.name ?? session;
  const journal = await SessionJournal.open({
    storage: new DiskStorage(join(records, "journal.jsonl"), clock),
    clock,
    log,
    notes: new TurnNotes({ chronicle: context.chronicle, nameOf, clock }),
  });
  const parts = {
    store,
    journal,
    fence: new Fence(clock),
    seats: new Seats(options.liveAgents ?? seatLimitFor(totalmem())),
    agents: new AgentSource({ catalogue, home, folders, newProcessId: randomUUID, warm }),
    chat,
    tools: toolProcesses(home, clock),
    files,
    commandLineOf: readCommandLine,
    onTheirWay: onTheirWay(context, (id) => journal.messages.knows(id)),
    limits: options.limits,
    closing: closing.signal,
    clock,
    random,
    log,
  };
  const sessions = new Sessions(parts, closing);
  // Those that an earlier life followed without writing it down are followed now, before anything is said.
  context.outbox.migrated.follow((oldId, newId) => {
    sessions.chatMoved(oldId, newId);
  });
  const reports = new SessionReports({
    sessions,
    modelOf: ({ agent, persona, model }) =>
      model ?? catalogue.persona(persona)?.model ?? catalogue.modelOf(agent),
    tell: context.reportSessions,
    clock,
  });
  for (const source of [parts.store, parts.journal])
    source.watch(() => {
      reports.changed();
    });
  reports.changed();
  context.onStop(async (budgetMs) => {
    try {
      await Promise.all([sessions.close(budgetMs), warm?.close()]);
    } finally {
      reports.close();
      await placed.close();
    }
  });
  // Nothing of this life runs yet: whatever carries the mark is left over.
  const leftovers = leftoverEnder({ isLeftover: isAgentOf(home), clock, log });
  await recover(parts, sessions, leftovers);
  await tidyFolders({ folders, records }, parts);
  context.onTopicGone(({ chatId, topicId }) => {
    if (topicId !== undefined) sessions.topicGone({ chatId: Number(chatId), topicId });
  });
  warm?.open();
  return { sessions, chat, files, catalogue };
}

/** What was prepared in an earlier life, for nobody. A disk that does not let us is no reason not to start. */
async function tidyFolders(
  { folders, records }: { folders: string; records: string },
  { store, log }: SessionParts,
): Promise<void> {
  try {
    // Also where the record was broken, and is set aside.
    const ids = await readdir(records);
    const owned = new Set([...ids, ...store.all().map(({ folder }) => folder)]);
    const isPrepared = (name: string) => isRandomId(name, idLength) && !owned.has(name);
    const removed = await removeUnclaimed(folders, isPrepared);
    if (removed > 0) log.info("Empty folders of prepared agents were removed.", { removed });
  } catch (error) {
    const cause = errorMessage(error);
    log.warn("Empty folders of prepared agents could not be removed.", { cause });
  }
}

function warmAgent(
  catalogue: AgentCatalogue,
  {
    home,
    folders,
    log,
  }: { home: { fleet: string; bot: string }; folders: string; log: BotContext["log"] },
): WarmAgent | undefined {
  const { prewarm, defaultAgent: agent } = catalogue;
  const driver = catalogue.driver(agent);
  const persona = catalogue.persona("default");
  if (!prewarm.enabled || driver === undefined || persona === undefined) return undefined;
  return new WarmAgent({
    kind: { agent, persona: persona.name, model: persona.model },
    driver,
    systemPrompt: persona.systemPrompt,
    sessionsRoot: folders,
    newFolderId: () => randomId(idLength, Math.random),
    environmentFor: (session) => agentMarkEnvironment(home, { session, process: randomUUID() }),
    minFreeMb: prewarm.minFreeMb,
    clock: systemClock,
    random: Math.random,
    log,
  });
}

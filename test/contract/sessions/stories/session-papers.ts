import { readFileSync } from "node:fs";
import { join } from "node:path";
import { DiskRecordFiles } from "../../../../bots/main/sessions/record/record-files.ts";
import { SessionStore } from "../../../../bots/main/sessions/record/session-store.ts";
import { systemClock } from "../../../../shared/clock.ts";
import { recordingLog } from "../../../support/recording-log.ts";

export interface SessionPaper {
  readonly id: string;
  readonly name: string;
  readonly conversation: { readonly chatId: number; readonly topicId: number };
}

/** Sessions as an earlier life of the bot would have left them: nobody has to be told of their beginning. */
export async function leaveSessions(
  stateDir: string,
  papers: readonly SessionPaper[],
): Promise<void> {
  const log = recordingLog();
  const files = new DiskRecordFiles(join(stateDir, "sessions"), systemClock, log);
  const store = await SessionStore.open(files, systemClock, log);
  const nowMs = systemClock.now();
  for (const paper of papers) {
    await store.add({
      version: 1,
      ...paper,
      folder: paper.id,
      agent: "told",
      persona: "default",
      model: null,
      resumeId: null,
      process: null,
      status: "created",
      // Short, so that some are suspended in the midst of a story.
      idleTimeoutMs: 2_500,
      createdAtMs: nowMs,
      lastActiveAtMs: nowMs,
      chosenAtMs: nowMs,
      turns: 0,
      costUsd: 0,
    });
  }
}

/** The texts of the messages that a stop cancelled, as its record on the disk says. */
export function cancelledUnder(stateDir: string, token: string): string[] {
  const lines = readJournal(stateDir);
  const seqs = new Set(lines.flatMap((line) => (line.token === token ? (line.seqs ?? []) : [])));
  const texts = new Map<number, string>();
  for (const { t, seq, text } of lines) {
    if (t === "accepted" && seq !== undefined && text !== undefined && seqs.has(seq))
      texts.set(seq, text);
  }
  return [...texts.values()];
}

/** Why each message that ended by being cancelled was, by its text; one that was brought back has not ended so. */
export function cancelledForGood(stateDir: string): Map<string, string> {
  const texts = new Map<number, string>();
  const whys = new Map<number, { readonly why: string; readonly token: string | undefined }>();
  for (const { t, seq, seqs = [], text, token, why = "" } of readJournal(stateDir)) {
    if (t === "accepted" && seq !== undefined && text !== undefined) texts.set(seq, text);
    if (t === "cancelled") for (const each of seqs) whys.set(each, { why, token });
    if (t !== "restored") continue;
    for (const [each, end] of whys) if (end.token === token) whys.delete(each);
  }
  return new Map([...whys].map(([seq, { why }]) => [texts.get(seq) ?? "", why]));
}

function readJournal(stateDir: string): JournalLine[] {
  return readFileSync(join(stateDir, "sessions", "journal.jsonl"), "utf8")
    .split("\n")
    .slice(0, -1)
    .map((line) => JSON.parse(line) as JournalLine);
}

interface JournalLine {
  readonly t: string;
  readonly seq?: number;
  readonly text?: string;
  readonly token?: string;
  readonly seqs?: readonly number[];
  readonly why?: string;
}

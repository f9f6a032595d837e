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

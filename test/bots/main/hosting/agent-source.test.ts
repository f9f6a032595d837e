import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openAgentCatalogue } from "../../../../bots/main/agents/catalogue.ts";
import type { AgentEvent } from "../../../../bots/main/agents/port.ts";
import { AgentSource } from "../../../../bots/main/hosting/agent-source.ts";
import type { AgentProfile } from "../../../../bots/main/sessions/ports.ts";
import { ManualClock } from "../../../support/manual-clock.ts";
import { recordingLog } from "../../../support/recording-log.ts";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "agent-source-"));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

/** The first thing that is heard of an agent that never comes to be. */
async function firstEvent(profile: AgentProfile): Promise<AgentEvent> {
  const source = new AgentSource({
    catalogue: openAgentCatalogue({
      options: {},
      personasFolder: join(folder, "personas"),
      environment: {},
      sandbox: true,
      clock: new ManualClock(),
      log: recordingLog(),
    }),
    home: { fleet: "fleet", bot: "main" },
    folders: join(folder, "workspaces"),
    newProcessId: () => "process",
    warm: undefined,
  });
  const agent = source.start(profile, { sessionId: "s", folderId: "f" });
  return new Promise((resolve) => agent.subscribe(resolve));
}

describe("an agent that cannot be started", () => {
  it("because its folder cannot be made is absent, and says why", async () => {
    writeFileSync(join(folder, "workspaces"), "no folder");
    expect(await firstEvent({ agent: "demo", persona: "default" })).toMatchObject({
      kind: "exit",
      cause: "not_started",
      detail: expect.stringContaining("ENOTDIR"),
    });
  });

  it("because its persona is gone is absent, and says what is missing", async () => {
    expect(await firstEvent({ agent: "demo", persona: "reviewer" })).toMatchObject({
      cause: "not_started",
      detail: expect.stringContaining('There is no persona "reviewer" any more.'),
    });
  });
});

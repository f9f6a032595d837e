import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { FleetHome } from "../../support/fleet-home.ts";
import { repositoryRoot } from "../../support/program.ts";
import { SandboxClient } from "../../support/sandbox-client.ts";

const agent = join(repositoryRoot, "test/fixtures/agents/shows-variables.mjs");
const fleetYaml = `
bots:
  main:
    options:
      prewarm: { enabled: false }
      agents:
        shows:
          driver: claude
          command: ${agent}
          environment:
            INVENTED_KEY:
            INVENTED_ABSENT:
`;

describe("a variable that fleet.yaml names for an agent without a value", () => {
  const home = new FleetHome({
    env: { INVENTED_KEY: "one", INVENTED_OTHER: "two" },
    fleetYaml,
  });
  afterAll(() => home.remove());

  it("goes from the supervisor to the agent, and no other does", async () => {
    const supervisor = home.supervisor();
    await home.allReady(supervisor, 30_000);
    const sandbox = await SandboxClient.of(supervisor);
    const chat = await sandbox.privateChat("main");
    await sandbox.answer(chat, await sandbox.say(chat, "/new work"), /created/);
    const names = "INVENTED_KEY INVENTED_ABSENT INVENTED_OTHER TG_BOT_TOKEN";
    const expected =
      "INVENTED_KEY: set, INVENTED_ABSENT: not set, INVENTED_OTHER: not set, TG_BOT_TOKEN: not set";
    const { text } = await sandbox.answer(
      chat,
      await sandbox.say(chat, names),
      /INVENTED_KEY: /,
      20_000,
    );
    expect(text).toBe(expected);
  });
});

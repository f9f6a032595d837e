import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { FleetHome } from "../../support/fleet-home.ts";
import { press } from "../../support/pressing.ts";
import { SandboxClient } from "../../support/sandbox-client.ts";
import { said, type Way, ways } from "./ways.ts";

const telegram = new FleetHome();
let sandbox: SandboxClient;

beforeAll(async () => {
  sandbox = await SandboxClient.of(telegram.start("supervisor/main", ["sandbox"]));
});

afterAll(() => telegram.remove());

describe.each(ways("treasury"))("a treasury %s", (...way: Way) => {
  const [, open] = way;
  let home: FleetHome;
  let chat: number;

  beforeAll(async () => {
    ({ home, chat } = await open(sandbox));
  });

  afterAll(() => home.remove());

  it("tells what is held, what it is worth, what has changed, and that it is simulated", async () => {
    const page = await said(sandbox, chat, await sandbox.say(chat, "/treasury"), /Total/, home);
    const words = JSON.stringify(page);
    expect(words).toContain("Simulated market");
    expect(words).toMatch(/Savings.*Operations/s);
    expect(words).toMatch(/% in 24 h/);
    await press(sandbox, chat, page, /Week/);
    const picture = await said(sandbox, chat, page.message_id, /"photo"/, home);
    expect(picture["caption"]).toMatch(/Simulated market[^]*% since .*, 1 d/);
  });
});

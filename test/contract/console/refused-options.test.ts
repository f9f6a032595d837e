import { afterAll, expect, it } from "vitest";
import { FleetHome } from "../../support/fleet-home.ts";
import { eventually } from "../../support/program.ts";

const home = new FleetHome({
  fleetYaml: "bots:\n  main:\n  treasury:\n    options: { report_at: noon }\n",
});
afterAll(() => home.remove());

it("a bot that refuses its options at the start is down, and status says what to change", async () => {
  const supervisor = home.supervisor();
  await eventually(
    () => home.status()?.bots.find(({ name }) => name === "treasury")?.state === "given_up",
    () => supervisor.output,
  );
  const status = home.start("supervisor/main", ["status"]);
  expect(await status.end()).toBe(0);
  expect(status.output).toMatch(
    /^treasury +given_up .*exit code 78 \(configuration\): bots\.treasury\.options\.report_at: needs a time of day, as 09:00\. Correct fleet\.yaml/m,
  );
  expect(status.output).toMatch(/^main +(starting|ready) /m);
});

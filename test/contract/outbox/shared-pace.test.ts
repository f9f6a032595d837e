import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, it } from "vitest";
import { systemClock } from "../../../shared/clock.ts";
import { fleetId } from "../../../shared/process/marker.ts";
import { SendShares } from "../../../supervisor/daemon/handover/send-shares.ts";
import { createFleet, type Fleet } from "../../../supervisor/fleet/fleet.ts";
import { spawnedBot } from "../../../supervisor/fleet/process/spawn-bot.ts";
import { defaultRestartPolicy } from "../../../supervisor/fleet/restart-policy.ts";
import { eventually } from "../../support/program.ts";
import { recordingLog } from "../../support/recording-log.ts";
import { Dialog } from "../intake/dialog.ts";

const names = ["main", "helper"];
const each = 10;
const printed: string[] = [];
let dialog: Dialog;
let fleet: Fleet;
let unfollow: () => void;

beforeAll(async () => {
  dialog = await Dialog.open({ fixture: "talking-bot.mjs", names });
  const bots = names.map((name) => {
    const log = recordingLog(name);
    const ports = spawnedBot({
      name,
      fleet: fleetId(dialog.bots.dir),
      environment: dialog.bots.environment(name),
      log,
      print: (line) => printed.push(line),
      clock: systemClock,
      entry: fileURLToPath(new URL("../../fixtures/talking-bot.mjs", import.meta.url)),
      execArgv: [],
    });
    const role = name === "main" ? ("main" as const) : ("auxiliary" as const);
    return { name, role, ports: { ...ports, acquireLock: undefined } };
  });
  fleet = createFleet({
    bots,
    policy: defaultRestartPolicy,
    clock: systemClock,
    random: Math.random,
    log: recordingLog("supervisor"),
    onMainGone: () => undefined,
  });
  unfollow = new SendShares().follow(fleet);
  // Main first: whoever comes first takes the named lock, and main does not run without it.
  await fleet.start((name) => name !== "main");
  await ready("main");
  fleet.startBot("helper", "the test");
  await ready("helper");
});

function ready(name: string): Promise<boolean> {
  return eventually(
    () => fleet.list().some((bot) => bot.name === name && bot.state === "ready") || undefined,
    () => printed.join("\n"),
    20_000,
  );
}

afterAll(async () => {
  unfollow();
  await fleet.stop("the end of the test");
  await dialog.close();
});

it("two bots of one token that write to one chat keep its pace together", async () => {
  dialog.sandbox.user.rates.enabled = true;
  dialog.say(`flood ${each}`);
  dialog.say(`/flood ${each}`);
  const said = (): readonly string[] =>
    dialog.sandbox.user
      .messages(dialog.chat, undefined, 500)
      .flatMap(({ text = "" }) => (/^(main|helper) \d+$/.test(text) ? [text] : []));
  await eventually(
    () => said().length === 2 * each || undefined,
    () => `${said().join(", ")}\n${printed.join("\n")}`,
    40_000,
  );
  const refused = dialog.sandbox.user.calls({}).filter(({ status }) => status === 429);
  expect(refused.map(({ method }) => method)).toEqual([]);
});

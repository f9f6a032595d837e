import { aborted } from "../../shared/aborted.ts";
import { identifySelf } from "../../shared/process/identity.ts";
import { controlSocketPath } from "../control/contract.ts";
import { startControlServer } from "../control/server.ts";
import { CommandBots } from "./command/command-bots.ts";
import { DesiredBots } from "./desired-bots.ts";
import { PollingHandover } from "./handover/polling-handover.ts";
import { SendShares } from "./handover/send-shares.ts";
import { endLeftovers } from "./leftovers.ts";
import { openFleet } from "./open-fleet.ts";
import { orderDeadLetter } from "./order-dead-letter.ts";
import { FleetHealth } from "./service-manager/fleet-health.ts";
import { serviceNotifier } from "./service-manager/systemd-notify.ts";
import { composeStatus, type SupervisorFacts } from "./status/compose-status.ts";
import { StatusFile } from "./status/status-file.ts";
import { TablePrinter } from "./status/table-printer.ts";
import type { ConnectedSupervision } from "./supervision.ts";

/** Sweeps, starts every bot, keeps the status true, and stops all in order. The caller holds main's polling lock. */
export async function runFleet(supervision: ConnectedSupervision): Promise<void> {
  const { config, access, clock, stop, force, log } = supervision;
  // First of all: the status file still tells what the last supervisor had running.
  await endLeftovers(config.stateDir, clock, log);
  const facts = {
    identity: identifySelf(),
    startedAtMs: clock.now(),
    sandboxUrl: access.sandboxUrl,
  };
  let state: SupervisorFacts["state"] = "running";
  const mainBot = access.tokens.get("main")?.botId;
  const candidates = config.bots
    .filter((bot) => bot.role === "auxiliary" && access.tokens.get(bot.name)?.botId === mainBot)
    .map((bot) => bot.name);
  const handover = new PollingHandover({ lock: supervision.lock, candidates, log });
  const commands = new CommandBots(supervision);
  const fleet = openFleet(supervision, handover, commands);
  const unfollow = handover.follow(fleet);
  const unfollowShares = new SendShares().follow(fleet);
  const unfollowCommands = commands.follow(fleet);
  const desired = await DesiredBots.open({
    stateDir: config.stateDir,
    names: config.bots.map((bot) => bot.name),
    clock,
    log,
  });
  desired.follow(fleet);
  const status = () => composeStatus({ ...facts, state }, fleet.list(), clock.now());
  const statusFile = new StatusFile(config.stateDir, status, clock, log);
  const table = new TablePrinter({
    status,
    clock,
    print: (text) => process.stdout.write(`${text}\n`),
  });
  const unwatch = fleet.watch(({ type }) => {
    if (type === "sent") return;
    statusFile.changed();
    table.changed();
  });
  force.addEventListener("abort", () => void fleet.stop("a second signal", { force: true }), {
    once: true,
  });
  const control = await startControlServer(
    controlSocketPath(config.stateDir),
    {
      start: ({ bot }) => {
        fleet.startBot(bot, "an operator");
      },
      dead_letter: (letter) => {
        orderDeadLetter(fleet, letter);
      },
    },
    log,
  );
  const health = new FleetHealth(
    serviceNotifier({ env: process.env, pid: process.pid, log }),
    clock,
  );
  health.follow(fleet);
  try {
    if (desired.isStopped("main")) handover.mainIsGone("it is to stay down");
    // Not awaited: the start of many bots takes long, and a stop must not wait for the last of them.
    if (!stop.signal.aborted) void fleet.start((name) => desired.isStopped(name));
    await aborted(stop.signal);
    state = "stopping";
    statusFile.changed();
    await health.stopping();
    log.info("stopping the fleet", { cause: stop.cause });
    await fleet.stop(stop.cause ?? "the supervisor");
  } finally {
    await control.close();
    desired.end();
    unfollow();
    unfollowShares();
    unfollowCommands();
    await commands.close();
    unwatch();
    table.stop();
    state = "stopped";
    await statusFile.flush();
  }
}

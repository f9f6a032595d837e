import { aborted } from "../../shared/aborted.ts";
import { printLine } from "../../shared/console/console-output.ts";
import { identifySelf } from "../../shared/process/identity.ts";
import { alertsPerSecond } from "./alerts/alert-pace.ts";
import { BotMaker } from "./bot-maker.ts";
import { Closers } from "./closers.ts";
import { CommandBots } from "./command/command-bots.ts";
import type { FleetConsole } from "./control/fleet-console.ts";
import { DesiredBots } from "./desired-bots.ts";
import { PollingHandover } from "./handover/polling-handover.ts";
import { SendShares } from "./handover/send-shares.ts";
import { endLeftovers } from "./leftovers.ts";
import { openFleet } from "./open-fleet.ts";
import { sharersOfMain } from "./reload/plan-reload.ts";
import { Reloader } from "./reload/reloader.ts";
import { FleetHealth } from "./service-manager/fleet-health.ts";
import { serviceNotifier } from "./service-manager/systemd-notify.ts";
import { composeStatus, type SupervisorFacts } from "./status/compose-status.ts";
import { StatusFile } from "./status/status-file.ts";
import { TablePrinter } from "./status/table-printer.ts";
import type { ConnectedSupervision } from "./supervision.ts";

/** Sweeps, starts every bot, keeps the status true, and stops all in order. The caller holds main's polling lock. */
export async function runFleet(supervision: ConnectedSupervision): Promise<void> {
  const { config, access, clock, stop, force, hangup, log } = supervision;
  // First of all: the status file still tells what the last supervisor had running.
  await endLeftovers(config.stateDir, clock, log);
  const facts = {
    identity: identifySelf(),
    startedAtMs: clock.now(),
    sandboxUrl: access.sandbox?.url,
  };
  let state: SupervisorFacts["state"] = "running";
  let people: FleetConsole | undefined;
  const closers = new Closers();
  const handover = new PollingHandover({ lock: supervision.lock, log });
  handover.candidates = sharersOfMain(supervision);
  const commands = new CommandBots(supervision);
  const maker = new BotMaker(supervision, handover, commands);
  const fleet = openFleet(supervision, handover, maker);
  const desired = await DesiredBots.open({
    stateDir: config.stateDir,
    names: () => fleet.list().map((bot) => bot.name),
    clock,
    log,
  });
  const status = () =>
    composeStatus({ ...facts, state, pageUrl: people?.url }, fleet.list(), clock.now());
  const statusFile = new StatusFile(config.stateDir, status, clock, log);
  closers.add(() => {
    state = "stopped";
    return statusFile.flush();
  });
  const table = new TablePrinter({ status, clock, print: printLine });
  closers.add(() => table.stop());
  const mainBotId = access.tokens.get("main")?.botId ?? 0;
  const shareOfAlerts = config.alerts === undefined ? 0 : alertsPerSecond;
  const shares = new SendShares(new Map([[mainBotId, shareOfAlerts]]));
  closers.add(() => commands.close());
  closers.add(commands.follow(fleet));
  closers.add(shares.follow(fleet));
  closers.add(handover.follow(fleet));
  desired.follow(fleet);
  closers.add(() => desired.end());
  closers.add(
    fleet.watch(({ type }) => {
      if (type === "sent") return;
      statusFile.changed();
      table.changed();
    }),
  );
  force.addEventListener("abort", () => void fleet.stop("a second signal", { force: true }), {
    once: true,
  });
  const reloader = new Reloader({
    ...supervision,
    fleet,
    maker,
    isStopped: (name) => desired.isStopped(name),
    onMaterial: (material) => {
      handover.candidates = sharersOfMain(material);
    },
    signal: stop.signal,
  });
  const health = new FleetHealth(
    serviceNotifier({ env: process.env, pid: process.pid, log }),
    clock,
  );
  health.follow(fleet);
  hangup.onHangup = () => void reloader.reloadFromSignal();
  closers.add(() => people?.close());
  // Whatever failed, no bot outlives us.
  closers.add(() => fleet.stop(stop.cause ?? "the supervisor"));
  closers.add(() => health.stopping());
  try {
    if (desired.isStopped("main")) handover.mainIsGone("it is to stay down");
    // Not awaited: the start of many bots takes long, and a stop must not wait for the last of them.
    if (!stop.signal.aborted) {
      void fleet.start((name) => desired.isStopped(name)).then(() => health.allStarted(fleet));
    }
    const { openFleetConsole } = await import("./control/fleet-console.ts");
    people = await openFleetConsole({ supervision, fleet, maker, reloader, status });
    statusFile.changed();
    await aborted(stop.signal);
    state = "stopping";
    people.stateChanged(state);
    statusFile.changed();
    log.info("stopping the fleet", { cause: stop.cause });
  } finally {
    await closers.close();
  }
}

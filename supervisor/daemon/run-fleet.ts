import { aborted } from "../../shared/aborted.ts";
import { identifySelf } from "../../shared/process/identity.ts";
import { fleetId } from "../../shared/process/marker.ts";
import { pageSource } from "../dashboard/page-source.ts";
import { alertsPerSecond } from "./alerts/alert-sender.ts";
import { openAlerts } from "./alerts/alerts.ts";
import { followRestartButtons } from "./alerts/restart-buttons.ts";
import { greeting } from "./banner.ts";
import { BotMaker } from "./bot-maker.ts";
import { CommandBots } from "./command/command-bots.ts";
import { type ControlApi, openControlApi } from "./control/control-api.ts";
import { FleetFeed } from "./control/fleet-feed.ts";
import { fleetOrders } from "./control/fleet-orders.ts";
import { inquiries } from "./control/inquiries.ts";
import { DesiredBots } from "./desired-bots.ts";
import { PollingHandover } from "./handover/polling-handover.ts";
import { SendShares } from "./handover/send-shares.ts";
import { FleetHistory } from "./history/fleet-history.ts";
import { endLeftovers } from "./leftovers.ts";
import { openPages } from "./metrics/open-pages.ts";
import { openFleet } from "./open-fleet.ts";
import { sharersOfMain } from "./reload/plan-reload.ts";
import { Reloader } from "./reload/reloader.ts";
import { FleetHealth } from "./service-manager/fleet-health.ts";
import { serviceNotifier } from "./service-manager/systemd-notify.ts";
import { composeStatus, type SupervisorFacts } from "./status/compose-status.ts";
import { Rivals } from "./status/rivals.ts";
import { StatusFile } from "./status/status-file.ts";
import { TablePrinter } from "./status/table-printer.ts";
import { UsageMeter } from "./status/usage-meter.ts";
import type { ConnectedSupervision } from "./supervision.ts";

/** Sweeps, starts every bot, keeps the status true, and stops all in order. The caller holds main's polling lock. */
export async function runFleet(supervision: ConnectedSupervision): Promise<void> {
  const { config, access, clock, stop, force, hangup, log } = supervision;
  // First of all: the status file still tells what the last supervisor had running.
  await endLeftovers(config.stateDir, clock, log);
  const facts = {
    identity: identifySelf(),
    startedAtMs: clock.now(),
    sandboxUrl: access.sandboxUrl,
  };
  let state: SupervisorFacts["state"] = "running";
  const handover = new PollingHandover({ lock: supervision.lock, log });
  handover.candidates = sharersOfMain(supervision);
  const commands = new CommandBots(supervision);
  const maker = new BotMaker(supervision, handover, commands);
  const fleet = openFleet(supervision, handover, maker);
  const unfollow = handover.follow(fleet);
  const mainBotId = access.tokens.get("main")?.botId ?? 0;
  const shareOfAlerts = config.alerts === undefined ? 0 : alertsPerSecond;
  const shares = new SendShares(new Map([[mainBotId, shareOfAlerts]]));
  const unfollowShares = shares.follow(fleet);
  const unfollowCommands = commands.follow(fleet);
  const desired = await DesiredBots.open({
    stateDir: config.stateDir,
    names: () => fleet.list().map((bot) => bot.name),
    clock,
    log,
  });
  desired.follow(fleet);
  let control: ControlApi | undefined;
  const status = () =>
    composeStatus({ ...facts, state, pageUrl: control?.url }, fleet.list(), clock.now());
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
  const rivals: Rivals = new Rivals({
    lockDir: config.environment.lockDir,
    apiRoot: access.apiRoot,
    mainBotId,
    pollTimeoutSeconds: config.pollTimeoutSeconds,
    fleet: fleetId(config.stateDir),
    onChange: (name) => {
      feed.changed(name);
      alerts?.rivalFound(name);
    },
    clock,
    log,
  });
  const alerts = await openAlerts(supervision, fleet, rivals);
  const meter = new UsageMeter({ clock });
  const feed = new FleetFeed({
    fleet,
    status,
    meter,
    rivalOf: rivals.of.bind(rivals),
    clock,
  });
  const history = await FleetHistory.open({
    stateDir: config.stateDir,
    fleet,
    memoryOf: (name) => meter.of(name)?.memoryBytes,
    clock,
    log,
  });
  const unfollowRivals = rivals.follow(fleet);
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
  const orders = {
    ...fleetOrders({ fleet, stateDir: config.stateDir, clock, log }),
    history: history.read.bind(history),
    ...inquiries({ stateDir: config.stateDir, clock, log }),
    reload: reloader.reload.bind(reloader),
  };
  const host = { orders, picture: feed.picture.bind(feed), watch: feed.watch.bind(feed) };
  control = await openControlApi({
    stateDir: config.stateDir,
    port: config.dashboardPort,
    host,
    page: pageSource(access.sandboxUrl),
    open: openPages(feed, maker, clock),
    clock,
    log,
  });
  process.stdout.write(`${greeting(control, access.sandboxUrl, process.stdout.isTTY)}\n`);
  const health = new FleetHealth(
    serviceNotifier({ env: process.env, pid: process.pid, log }),
    clock,
  );
  health.follow(fleet);
  const unfollowButtons = followRestartButtons(fleet, {
    restart: orders.restart,
    material: () => maker.material,
    log,
  });
  hangup.onHangup = () => void reloader.reloadFromSignal();
  try {
    if (desired.isStopped("main")) handover.mainIsGone("it is to stay down");
    // Not awaited: the start of many bots takes long, and a stop must not wait for the last of them.
    if (!stop.signal.aborted) void fleet.start((name) => desired.isStopped(name));
    await aborted(stop.signal);
    state = "stopping";
    feed.tell({ type: "state", state });
    statusFile.changed();
    await health.stopping();
    log.info("stopping the fleet", { cause: stop.cause });
    await fleet.stop(stop.cause ?? "the supervisor");
  } finally {
    await control.close();
    unfollowRivals();
    unfollowButtons();
    await alerts?.close();
    await history.close();
    feed.close();
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

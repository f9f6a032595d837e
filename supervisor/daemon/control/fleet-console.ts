import { printLine } from "../../../shared/console/console-output.ts";
import { fleetId } from "../../../shared/process/marker.ts";
import { pageSource } from "../../dashboard/page-source.ts";
import type { Fleet } from "../../fleet/fleet.ts";
import { openAlerts } from "../alerts/alerts.ts";
import { followRestartButtons } from "../alerts/restart-buttons.ts";
import { greeting } from "../banner.ts";
import type { BotMaker } from "../bot-maker.ts";
import { Closers } from "../closers.ts";
import { FleetHistory } from "../history/fleet-history.ts";
import { openPages } from "../metrics/open-pages.ts";
import type { Reloader } from "../reload/reloader.ts";
import type { SupervisorFacts } from "../status/compose-status.ts";
import { Rivals } from "../status/rivals.ts";
import { UsageMeter } from "../status/usage-meter.ts";
import type { ConnectedSupervision } from "../supervision.ts";
import { openControlApi } from "./control-api.ts";
import { FleetFeed, type FleetFeedOptions } from "./fleet-feed.ts";
import { fleetOrders } from "./fleet-orders.ts";
import { inquiries } from "./inquiries.ts";

export interface FleetConsoleParts {
  readonly supervision: ConnectedSupervision;
  readonly fleet: Fleet;
  readonly maker: BotMaker;
  readonly reloader: Reloader;
  readonly status: FleetFeedOptions["status"];
}

export interface FleetConsole {
  /** Of the page. */
  readonly url: string | undefined;
  stateChanged(state: SupervisorFacts["state"]): void;
  close(): Promise<void>;
}

/**
 * Everything by which people see the fleet and give it orders: control API, page, history, alerts, and who else polls
 * our tokens. Loaded and opened when the bots are on their way: they do not wait for it.
 * @throws OperatorError where a door cannot be opened
 */
export async function openFleetConsole({
  supervision,
  fleet,
  maker,
  reloader,
  status,
}: FleetConsoleParts): Promise<FleetConsole> {
  const { config, access, clock, log } = supervision;
  const { stateDir } = config;
  const rivals = new Rivals({
    lockDir: config.environment.lockDir,
    apiRoot: access.apiRoot,
    mainBotId: access.tokens.get("main")?.botId ?? 0,
    pollTimeoutSeconds: config.pollTimeoutSeconds,
    fleet: fleetId(stateDir),
    clock,
    log,
  });
  const closers = new Closers();
  try {
    const alerts = await openAlerts(supervision, fleet, rivals);
    closers.add(() => alerts?.close());
    const meter = new UsageMeter({ clock });
    const feed = new FleetFeed({ fleet, status, meter, rivalOf: rivals.of.bind(rivals), clock });
    closers.add(() => feed.close());
    const memoryOf = (name: string): number | undefined => meter.of(name)?.memoryBytes;
    const history = await FleetHistory.open({ stateDir, fleet, memoryOf, clock, log });
    closers.add(() => history.close());
    const orders = {
      ...fleetOrders({ fleet, stateDir, clock, log }),
      history: history.read.bind(history),
      ...inquiries(stateDir),
      reload: reloader.reload.bind(reloader),
    };
    const onRival = (name: string): void => {
      feed.changed(name);
      alerts?.rivalFound(name);
    };
    closers.add(rivals.follow(fleet, onRival));
    const material = () => maker.material;
    closers.add(followRestartButtons(fleet, { restart: orders.restart, material, log }));
    const control = await openControlApi({
      stateDir,
      port: config.dashboardPort,
      host: { orders, picture: feed.picture.bind(feed), watch: feed.watch.bind(feed) },
      page: pageSource(access.sandbox),
      open: openPages(feed, maker, clock),
      clock,
      log,
    });
    closers.add(() => control.close());
    printLine(greeting(control, access.sandbox, process.stdout.isTTY));
    return {
      url: control.url,
      stateChanged: (state) => {
        feed.tell({ type: "state", state });
      },
      close: closers.close.bind(closers),
    };
  } catch (error) {
    await closers.close();
    throw error;
  }
}

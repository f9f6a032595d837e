import type { Fleet } from "../../fleet/fleet.ts";
import type { Rivals } from "../status/rivals.ts";
import type { ConnectedSupervision } from "../supervision.ts";
import { AlertDesk } from "./alert-desk.ts";
import { AlertSender } from "./alert-sender.ts";
import { FleetAlerts } from "./fleet-alerts.ts";

export interface Alerts {
  /** It was found out who else polls a bot's token. */
  rivalFound(name: string): void;
  close(): Promise<void>;
}

/** Tells the admins' chat of fleet.yaml what happens to the fleet; undefined where there is none. */
export async function openAlerts(
  { config, access, clock, log }: ConnectedSupervision,
  fleet: Fleet,
  rivals: Pick<Rivals, "of">,
): Promise<Alerts | undefined> {
  const { alerts, stateDir } = config;
  const main = access.tokens.get("main");
  if (alerts === undefined || main === undefined) return undefined;
  const { apiRoot } = access;
  let sender: AlertSender;
  try {
    sender = await AlertSender.open({ alerts, ...main, apiRoot, stateDir, clock, log });
  } catch (error) {
    log.error("alerts are not sent: their outbox could not be opened", { error });
    return undefined;
  }
  const desk = new AlertDesk(clock, alerts.pauseMs, (message) => {
    log.info("an alert goes to the admins' chat", { about: message.restartable });
    sender.send(message);
  });
  const events = new FleetAlerts(desk, rivals.of.bind(rivals));
  const unwatch = fleet.watch((event) => {
    events.onFleetEvent(event);
  });
  return {
    rivalFound: events.rivalFound.bind(events),
    async close() {
      unwatch();
      desk.close();
      await sender.close();
    },
  };
}

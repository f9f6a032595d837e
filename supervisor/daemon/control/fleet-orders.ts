import type { Clock } from "../../../shared/clock.ts";
import { UsageError } from "../../../shared/errors.ts";
import { closeListener } from "../../../shared/lifecycle/close-listener.ts";
import { forgetStopped, rememberStopped } from "../../../shared/lifecycle/desired-state.ts";
import { listenerRoot, supervisorListener } from "../../../shared/lifecycle/listener-root.ts";
import type { Log } from "../../../shared/logger.ts";
import type { OrderHandlers } from "../../control/host.ts";
import type { Fleet } from "../../fleet/fleet.ts";
import { orderDeadLetter } from "./order-dead-letter.ts";

export interface FleetOrdersDeps {
  readonly fleet: Fleet;
  readonly stateDir: string;
  readonly clock: Clock;
  readonly log: Log;
}

type FleetOrders = Pick<OrderHandlers, "start" | "stop" | "restart" | "close" | "dead_letter">;

/** The orders about single bots. What an operator wants to stay is written down before it is done. */
export function fleetOrders({ fleet, stateDir, clock, log }: FleetOrdersDeps): FleetOrders {
  const requireBot = (name: string): void => {
    const known = fleet.list().map((bot) => bot.name);
    if (known.includes(name)) return;
    throw new UsageError(`There is no bot "${name}" in this fleet. It has: ${known.join(", ")}.`);
  };
  const stayDown = (name: string, by: string, how: "stop" | "close"): Promise<boolean> => {
    const since = new Date(clock.now()).toISOString();
    return rememberStopped(stateDir, name, { since, by, how }, clock);
  };
  return {
    async start({ bot, by = "an operator" }) {
      requireBot(bot);
      const wasStopped = await forgetStopped(stateDir, bot, clock);
      const view = fleet.list().find(({ name }) => name === bot);
      fleet.startBot(bot, by);
      if (wasStopped || view === undefined) return { said: `${bot}: to run again.` };
      return {
        said:
          view.pid === undefined
            ? `${bot}: nobody had stopped it; it is started now.`
            : `${bot}: runs already (pid ${view.pid}, ${view.state}).`,
      };
    },
    async stop({ bot, by = "an operator" }) {
      requireBot(bot);
      const isNew = await stayDown(bot, by, "stop");
      // Not awaited: main may take 15 s, and the picture shows how far it is.
      fleet.stopBot(bot, by).catch((error: unknown) => {
        log.error(`${bot} could not be stopped`, { error });
      });
      return {
        said: isNew ? `${bot}: to be stopped, and to stay down.` : `${bot}: stopped already.`,
      };
    },
    async restart({ bot, by = "an operator" }) {
      requireBot(bot);
      await forgetStopped(stateDir, bot, clock);
      await fleet.restartBot(bot, by);
      return { said: `${bot}: restarted.` };
    },
    async close({ bot, by = "an operator" }) {
      if (bot !== supervisorListener) requireBot(bot);
      const { result } = await closeListener({ root: listenerRoot(stateDir, bot), by, clock });
      if (bot !== supervisorListener) await stayDown(bot, by, "close");
      return { said: result === "closed" ? `${bot}: closed.` : `${bot}: already closed.` };
    },
    dead_letter(order) {
      orderDeadLetter(fleet, order);
      const { bot, seq } = order;
      return {
        said:
          order.order === "retry"
            ? `${bot} tries ${seq} again; see its log.`
            : `${bot} drops ${seq}.`,
      };
    },
  };
}

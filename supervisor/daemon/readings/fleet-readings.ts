import { join } from "node:path";
import { UsageError } from "../../../shared/errors.ts";
import { supervisorListener } from "../../../shared/lifecycle/listener-root.ts";
import type { ReadingHandlers } from "../../control/host.ts";
import { FleetSeries, type FleetSeriesOptions } from "./fleet-series.ts";
import { readLogTail } from "./log-tail.ts";

export interface FleetReadings {
  readonly handlers: ReadingHandlers;
  close(): Promise<void>;
}

/** What the control API shows besides the picture: the last hours, and the logs. */
export async function openFleetReadings(options: FleetSeriesOptions): Promise<FleetReadings> {
  const { stateDir, fleet } = options;
  const series = await FleetSeries.open(options);
  return {
    handlers: {
      series: (query) => series.read(query),
      logs({ name, after }) {
        const known = [supervisorListener, ...fleet.list().map((bot) => bot.name)];
        if (!known.includes(name))
          throw new UsageError(`There is no log of "${name}". There are: ${known.join(", ")}.`);
        return readLogTail(join(stateDir, "logs", `${name}.log`), after);
      },
    },
    close: () => series.close(),
  };
}

import { errorMessage } from "../../../shared/errors.ts";
import type { Log } from "../../../shared/logger.ts";
import type { Fleet } from "../../fleet/fleet.ts";
import type { FleetMaterial } from "../reload/plan-reload.ts";

export interface RestartButtonsDeps {
  readonly restart: (order: { bot: string; by: string }) => unknown;
  readonly material: () => FleetMaterial;
  readonly log: Log;
}

/** Does what the buttons under alerts ask for: from main alone, and for its allowed users alone. @returns ends the watch */
export function followRestartButtons(fleet: Fleet, deps: RestartButtonsDeps): () => void {
  return fleet.watch((event) => {
    if (event.type !== "restart_wanted") return;
    const { name, bot, userId } = event;
    const { config, access } = deps.material();
    const mayAsk = [...config.allowedUsers, ...access.extraUsers].includes(userId);
    if (name === "main" && mayAsk) void restart(bot, userId, deps);
    else deps.log.warn("a restart was asked for by somebody who may not", { from: name, userId });
  });
}

async function restart(bot: string, userId: number, deps: RestartButtonsDeps): Promise<void> {
  try {
    await deps.restart({ bot, by: `user ${userId} (button under an alert)` });
  } catch (error) {
    deps.log.warn(`${bot} was not restarted: ${errorMessage(error)}`);
  }
}

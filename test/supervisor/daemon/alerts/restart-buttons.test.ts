import { beforeEach, expect, it } from "vitest";
import { OperationError } from "../../../../shared/errors.ts";
import { followRestartButtons } from "../../../../supervisor/daemon/alerts/restart-buttons.ts";
import type { FleetMaterial } from "../../../../supervisor/daemon/reload/plan-reload.ts";
import type { FleetEvent } from "../../../../supervisor/fleet/bot-view.ts";
import type { Fleet } from "../../../../supervisor/fleet/fleet.ts";
import { recordingLog } from "../../../support/recording-log.ts";

let tell: (event: FleetEvent) => void;
let restarted: string[];
const log = recordingLog();

beforeEach(() => {
  restarted = [];
  log.lines.length = 0;
  const fleet = {
    watch: (watcher: typeof tell) => {
      tell = watcher;
      return () => undefined;
    },
  } as unknown as Fleet;
  followRestartButtons(fleet, {
    restart: ({ bot, by }) => {
      if (bot === "nobody") throw new OperationError("There is no bot.");
      restarted.push(`${bot} by ${by}`);
    },
    material: () =>
      ({ config: { allowedUsers: [7] }, access: { extraUsers: [8] } }) as unknown as FleetMaterial,
    log,
  });
});

it.each([7, 8])("a press of user %i, who may use main, restarts the bot", (userId) => {
  tell({ type: "restart_wanted", name: "main", bot: "treasury", userId });
  expect(restarted).toEqual([`treasury by user ${userId} (button under an alert)`]);
});

it.each([
  ["somebody who may not", { name: "main", userId: 9 }],
  ["another bot, whatever user it names", { name: "treasury", userId: 7 }],
])("nothing is restarted for %s", (_who, { name, userId }) => {
  tell({ type: "restart_wanted", name, bot: "main", userId });
  expect(restarted).toEqual([]);
  expect(log.of("warn")).toHaveLength(1);
});

it("a bot that is gone by now is no fault", async () => {
  tell({ type: "restart_wanted", name: "main", bot: "nobody", userId: 7 });
  await new Promise((resolve) => setImmediate(resolve));
  expect(log.of("warn").join("")).toContain("nobody was not restarted: There is no bot.");
});

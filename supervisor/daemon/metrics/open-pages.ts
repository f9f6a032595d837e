import type { ServerResponse } from "node:http";
import type { Clock } from "../../../shared/clock.ts";
import { sendText } from "../../control/door/answer.ts";
import type { OpenSource } from "../../control/door/web-door.ts";
import type { BotMaker } from "../bot-maker.ts";
import type { FleetFeed } from "../control/fleet-feed.ts";
import { healthOf } from "./health.ts";
import { prometheusText } from "./prometheus.ts";

/** `/metrics` and `/health`: for programs of this machine, without the token, because they tell no secret. */
export function openPages(feed: FleetFeed, maker: BotMaker, clock: Clock): OpenSource {
  return async (path: string, response: ServerResponse) => {
    if (path !== "/metrics" && path !== "/health") return false;
    const fleet = path === "/health" ? await feed.picture() : feed.glance();
    const pollTimeoutMs = maker.material.config.pollTimeoutSeconds * 1_000;
    const health = healthOf(fleet, pollTimeoutMs, clock.now());
    if (path === "/metrics") sendText(response, 200, prometheusText(fleet, health));
    else if (health.ok) sendText(response, 200, "ok\n");
    else sendText(response, 503, `${health.problems.join("\n")}\n`);
    return true;
  };
}

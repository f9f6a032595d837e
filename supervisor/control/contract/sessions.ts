import type { SessionReport } from "../../../shared/contract/session-report.ts";
import type { FleetPicture } from "./picture.ts";

/** `GET /api/sessions` */
export interface SessionList {
  /** All there are; a bot tells the hundred used last. */
  readonly count: number;
  /** The one used last first. */
  readonly sessions: readonly (SessionReport & { readonly bot: string })[];
}

/** The sessions of all bots that run agents. Known while their bots run. */
export function sessionsOf({ bots }: Pick<FleetPicture, "bots">): SessionList {
  return {
    count: bots.reduce((sum, { sessions }) => sum + (sessions?.count ?? 0), 0),
    sessions: bots
      .flatMap(({ name, sessions }) =>
        (sessions?.newest ?? []).map((session) => ({ bot: name, ...session })),
      )
      .toSorted((a, b) => b.lastActiveAt - a.lastActiveAt),
  };
}

import type { Clock } from "../../../shared/clock.ts";
import { Gatekeeper } from "../../../shared/http/gatekeeper.ts";
import { openKey } from "../../../shared/http/key-file.ts";
import type { Log } from "../../../shared/logger.ts";
import { controlSocketPath, pageAddress, pageTokenPath } from "../../control/contract/places.ts";
import { openUnixDoor } from "../../control/door/unix-door.ts";
import { type OpenSource, openWebDoor, type PageSource } from "../../control/door/web-door.ts";
import type { ControlHost } from "../../control/host.ts";

export interface ControlApiOptions {
  readonly stateDir: string;
  readonly port: number;
  readonly host: ControlHost;
  /** Everything that is not the API's. */
  readonly page?: PageSource;
  /** What is shown without the token. */
  readonly open?: OpenSource;
  readonly clock: Clock;
  readonly log: Log;
}

export interface ControlApi {
  /** Of the page, without the token. */
  readonly url: string;
  /** The address to open, with the token: for a terminal, never for a log. */
  readonly address: string;
  close(): Promise<void>;
}

/** Both doors of the control API: the unix socket for commands, the loopback address for the page. */
export async function openControlApi(options: ControlApiOptions): Promise<ControlApi> {
  const { stateDir, port, clock, log } = options;
  const unix = await openUnixDoor(controlSocketPath(stateDir), options);
  try {
    const token = await openKey(pageTokenPath(stateDir), log);
    const gatekeeper = new Gatekeeper({ token, cookie: "tg_supervisor", clock });
    const web = await openWebDoor({ ...options, port, gatekeeper });
    return {
      url: web.url,
      address: pageAddress(web.url, token),
      async close() {
        await Promise.all([unix.close(), web.close()]);
      },
    };
  } catch (error) {
    await unix.close();
    throw error;
  }
}

import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { systemErrorCode } from "../../../shared/errors.ts";
import type { Gatekeeper } from "../../../shared/http/gatekeeper.ts";
import { listen } from "../../../shared/http/listen.ts";
import { sendJson, sendText } from "./answer.ts";
import { answerApi, pathOf, type RouteDeps } from "./routes.ts";
import { closeServer, type Door } from "./unix-door.ts";

const host = "127.0.0.1";
const howToEnter =
  "This is the page of a tg-supervisor fleet. It opens with the address that this command prints:\n\n    npx tg-supervisor page\n";

/** Files of the page itself hold no secrets, and a browser that loads them sends a cookie alone. */
const pageFile = /^\/(?:chat|(?:dashboard\/|sandbox\/)?page\/.*)?$/;

/** Answers everything that is not the API's, for those who have shown the token. False: there is no such thing. */
export type PageSource = (
  request: IncomingMessage,
  response: ServerResponse,
  path: string,
) => Promise<boolean>;
/** What is shown without the token: nothing secret. */
export type OpenSource = (path: string, response: ServerResponse) => Promise<boolean>;

export interface WebDoorOptions extends RouteDeps {
  readonly gatekeeper: Gatekeeper;
  /** Tried first; a free one is taken where it is in use. 0: any. */
  readonly port: number;
  readonly page?: PageSource;
  readonly open?: OpenSource;
}

export interface WebDoor extends Door {
  /** `http://127.0.0.1:8791`, without the token. */
  readonly url: string;
}

/** The fleet's page and its API for browsers and scripts of this machine, behind the token. */
export async function openWebDoor(options: WebDoorOptions): Promise<WebDoor> {
  let port = options.port;
  const server = createServer((request, response) => {
    void receive(options, port, request, response);
  });
  try {
    await listen(server, host, port);
  } catch (error) {
    const code = systemErrorCode(error) ?? "";
    if (port === 0 || !["EADDRINUSE", "EACCES"].includes(code)) throw error;
    options.log.info("the wanted port of the page is not free, another one is used", {
      port,
      code,
    });
    await listen(server, host, 0);
  }
  const address = server.address();
  if (typeof address === "object" && address !== null) port = address.port;
  server.unref();
  return { url: `http://${host}:${port}`, close: () => closeServer(server) };
}

async function receive(
  options: WebDoorOptions,
  port: number,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  try {
    const { gatekeeper } = options;
    const refusal = gatekeeper.strangerAt(request, port);
    if (refusal !== undefined) return sendJson(response, 403, { error: refusal });
    const path = pathOf(request);
    const isGet = request.method === "GET";
    if (isGet && (await options.open?.(path, response)) === true) return;
    if (gatekeeper.admits(request, response)) return;
    const mayEnter = pageFile.test(path) ? gatekeeper.knows(request) : gatekeeper.trusts(request);
    if (!mayEnter) {
      if (path === "/") return sendText(response, 401, howToEnter);
      return sendJson(response, 401, { error: "The key is missing: npx tg-supervisor page" });
    }
    if (path.startsWith("/api/")) return await answerApi(options, request, response);
    if ((await options.page?.(request, response, path)) === true) return;
    sendJson(response, 404, { error: "There is no such page." });
  } catch (error) {
    options.log.error("the page failed in a request", { path: pathOf(request), error });
    sendJson(response, 500, { error: "The page failed; the supervisor's log says why." });
  }
}

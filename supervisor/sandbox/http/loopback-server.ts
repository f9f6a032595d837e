import { createServer, type RequestListener } from "node:http";
import { ConfigurationError, systemErrorCode } from "../../../shared/errors.ts";
import { listen } from "../../../shared/http/listen.ts";
import type { Log } from "../../../shared/logger.ts";

const loopbackHosts = ["127.0.0.1", "::1", "localhost"];
/** Longer than any client keeps an idle connection, so that the client is the one who closes it. */
const keepAliveTimeoutMs = 75_000;

export interface LoopbackServer {
  readonly port: number;
  readonly url: string;
  /** Closes every connection, parked polls and event streams too. */
  close(): Promise<void>;
}

/**
 * Listens on this machine only. The wanted port is tried first; if it is taken, a free one is used (0: any).
 * @throws ConfigurationError for a host that others could reach
 */
export async function listenOnLoopback(
  listener: RequestListener,
  options: { readonly host: string; readonly port: number; readonly log: Log },
): Promise<LoopbackServer> {
  const { host, port, log } = options;
  if (!loopbackHosts.includes(host))
    throw new ConfigurationError(
      `The sandbox cannot listen on ${host}: it lets everybody who reaches it drive the bots. Use one of ${loopbackHosts.join(", ")}.`,
    );
  const server = createServer({ keepAliveTimeout: keepAliveTimeoutMs }, listener);
  try {
    await listen(server, host, port);
  } catch (error) {
    const code = systemErrorCode(error) ?? "";
    if (port === 0 || !["EADDRINUSE", "EACCES"].includes(code)) throw error;
    log.info("the wanted port of the sandbox is not free, another one is used", { port, code });
    await listen(server, host, 0);
  }
  const address = server.address();
  // A string would be the path of a unix socket, null a server that does not listen; it listens on a port.
  const bound = typeof address === "object" && address !== null ? address.port : port;
  return {
    port: bound,
    url: `http://${host.includes(":") ? `[${host}]` : host}:${bound}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

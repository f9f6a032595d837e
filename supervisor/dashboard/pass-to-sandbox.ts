import { request as ask, type IncomingMessage, type ServerResponse } from "node:http";

/** What of a request is for the sandbox; a cookie, an Origin and a Host that are ours are not. */
const passedOn = ["accept", "content-type", "content-length", "last-event-id"];

/** The sandbox whose user's side the page shows. */
export interface SandboxBehind {
  readonly url: string;
  /** Stays here: the browser has a key to our door alone. */
  readonly key: string;
}

/**
 * Hands a request of the page to the sandbox's user's side and its answer back, streams too. Resolves when the answer has
 * begun; a sandbox that does not answer is a 502.
 */
export function passToSandbox(
  sandbox: SandboxBehind,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const headers = Object.fromEntries(
    passedOn.flatMap((name) => {
      const value = request.headers[name];
      return value === undefined ? [] : [[name, value]];
    }),
  );
  headers["authorization"] = `Bearer ${sandbox.key}`;
  return new Promise((resolve) => {
    const call = ask(
      new URL(request.url ?? "/", sandbox.url),
      { method: request.method, headers, agent: false },
      (answer) => {
        // The connection is ours, not the browser's.
        const { connection: _connection, "keep-alive": _keepAlive, ...shown } = answer.headers;
        response.writeHead(answer.statusCode ?? 502, shown);
        answer.pipe(response);
        answer.once("error", () => response.destroy());
        resolve();
      },
    );
    call.once("error", () => {
      if (response.headersSent) response.destroy();
      else {
        response.writeHead(502, {
          "content-type": "application/json",
          "cache-control": "no-store",
        });
        response.end(
          JSON.stringify({ error: "The sandbox does not answer. Is it still running?" }),
        );
      }
      resolve();
    });
    // The browser has gone: an event stream would go on for ever.
    response.once("close", () => call.destroy());
    request.pipe(call);
  });
}

import { chmod, lstat, mkdir, rm } from "node:fs/promises";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { dirname } from "node:path";
import { ZodError } from "zod";
import { errorMessage, OperationError, OperatorError } from "../../shared/errors.ts";
import type { Log } from "../../shared/logger.ts";
import { type Order, type OrderName, orders } from "./contract.ts";

/** What each order does. Throws OperatorErrors for people; whatever else it throws is a fault of ours. */
export type OrderHandlers = {
  readonly [N in OrderName]: (order: Order<N>) => void | Promise<void>;
};

export interface ControlServer {
  close(): Promise<void>;
}

/** Orders are a few words; whoever sends more is not our client. */
const maxBodyBytes = 64 * 1024;

/**
 * Listens for orders on a unix socket that only its owner can open. An earlier supervisor's socket is replaced: call it
 * only as the one supervisor of this state directory.
 * @throws OperationError where the socket's folder belongs to somebody else
 */
export async function startControlServer(
  path: string,
  handlers: OrderHandlers,
  log: Log,
): Promise<ControlServer> {
  const folder = dirname(path);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const owner = (await lstat(folder)).uid;
  if (process.getuid !== undefined && owner !== process.getuid()) {
    throw new OperationError(
      `${folder} belongs to user ${owner}. Remove it, or set TG_STATE_DIR to a folder of your own.`,
    );
  }
  await rm(path, { force: true });
  const server = createServer((request, response) => {
    void answer(request, response, handlers, log);
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(path, resolve);
  });
  await chmod(path, 0o600);
  server.unref();
  return {
    close: () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve();
        });
        server.closeAllConnections();
      }),
  };
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  handlers: OrderHandlers,
  log: Log,
): Promise<void> {
  try {
    const name = request.url?.slice(1) ?? "";
    if (request.method !== "POST" || !isOrderName(name))
      return reply(response, 404, { error: `There is no order "${name}".` });
    await obey(name, JSON.parse(await readBody(request)), handlers);
    reply(response, 200, {});
  } catch (error) {
    const malformed = error instanceof SyntaxError || error instanceof ZodError;
    const forPeople = malformed || error instanceof OperatorError;
    if (!forPeople) log.error("an order failed", { order: request.url, error });
    reply(response, forPeople ? 400 : 500, { error: errorMessage(error) });
  }
}

async function obey(name: OrderName, body: unknown, handlers: OrderHandlers): Promise<void> {
  switch (name) {
    case "start":
      await handlers.start(orders.start.parse(body));
      break;
    case "dead_letter":
      await handlers.dead_letter(orders.dead_letter.parse(body));
      break;
  }
}

function isOrderName(name: string): name is OrderName {
  return Object.hasOwn(orders, name);
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request) {
    const buffer = Buffer.from(chunk);
    bytes += buffer.length;
    if (bytes > maxBodyBytes) throw new OperationError("The order is too long.");
    chunks.push(buffer);
  }
  return Buffer.concat(chunks).toString("utf8");
}

function reply(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { "content-type": "application/json" });
  response.end(JSON.stringify(body));
}

import type { IncomingMessage, ServerResponse } from "node:http";
import { ZodError } from "zod";
import type { Clock } from "../../../shared/clock.ts";
import { errorMessage, OperatorError, UsageError } from "../../../shared/errors.ts";
import type { Log } from "../../../shared/logger.ts";
import { redact } from "../../../shared/redact.ts";
import { isOrderName, type OrderName, orders } from "../contract/orders.ts";
import { sessionsOf } from "../contract/sessions.ts";
import type { ControlHost, OrderHandlers } from "../host.ts";
import { streamChanges } from "../live/stream-changes.ts";
import { sendJson } from "./answer.ts";
import { readOrder } from "./read-order.ts";

export interface RouteDeps {
  readonly host: ControlHost;
  readonly clock: Clock;
  readonly log: Log;
}

/** Everything below `/api/`, the same for every door; whoever comes here may. */
export async function answerApi(
  deps: RouteDeps,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { host, clock, log } = deps;
  const path = pathOf(request);
  try {
    const name = path.replace(/^\/api\//, "");
    if (request.method === "GET" && name === "fleet") {
      sendJson(response, 200, await host.picture());
    } else if (request.method === "GET" && name === "sessions") {
      sendJson(response, 200, sessionsOf(await host.picture()));
    } else if (request.method === "GET" && name === "live") {
      const wantsEvents = request.headers.accept?.includes("text/event-stream") === true;
      const watch = host.watch.bind(host);
      streamChanges(response, wantsEvents ? "events" : "lines", watch, clock);
    } else if (request.method === "POST" && isOrderName(name)) {
      sendJson(response, 200, await obey(name, await readOrder(request), host.orders));
    } else
      sendJson(response, 404, { error: `There is no ${request.method} ${redact(path)} here.` });
  } catch (error) {
    if (request.destroyed && !request.complete) return;
    const refusal = refusalOf(error);
    if (refusal === undefined) log.error("an order failed", { order: redact(path), error });
    sendJson(response, refusal === undefined ? 500 : 400, {
      error: redact(refusal ?? errorMessage(error)),
      ...(error instanceof UsageError ? { wrongUsage: true } : {}),
    });
  }
}

export function pathOf(request: IncomingMessage): string {
  return (request.url ?? "/").split("?", 1)[0] ?? "/";
}

async function obey(name: OrderName, body: unknown, handlers: OrderHandlers): Promise<object> {
  // The table pairs each schema with its handler, which the compiler cannot follow through a variable name.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  const handle = handlers[name] as (order: unknown) => object | Promise<object>;
  return await handle(orders[name].order.parse(body));
}

/** What was wrong with the order, in words for people; undefined where the fault is ours. */
function refusalOf(error: unknown): string | undefined {
  if (error instanceof ZodError) {
    const problems = error.issues.map(({ path, message }) => `${path.join(".")}: ${message}`);
    return `The order cannot be understood: ${problems.join("; ")}.`;
  }
  if (error instanceof SyntaxError) return `The order is not JSON: ${error.message}.`;
  return error instanceof OperatorError ? error.message : undefined;
}

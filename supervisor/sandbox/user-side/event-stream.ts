import type { ServerResponse } from "node:http";
import type { EventLog, Recorded } from "../events/event-log.ts";

/** A watcher that reads so slowly is sent away; it comes back with its last event id. */
const maxUnreadBytes = 8 * 2 ** 20;

/**
 * Server-sent events: first `hello` with the current number, then everything after `since`, then what happens.
 * `gap: true` in the hello: some events after `since` are forgotten, or the sandbox was restarted; read the state anew.
 */
export function streamEvents(
  response: ServerResponse,
  events: EventLog,
  since: number | undefined,
  at: string,
): void {
  response.writeHead(200, {
    "content-type": "text/event-stream",
    "cache-control": "no-store",
    "x-accel-buffering": "no",
  });
  const missed = since === undefined ? [] : events.since(since);
  const hello = { seq: events.seq, at, type: "hello", ...(missed === undefined && { gap: true }) };
  // The hello has the id of the last event before it, so that a reconnection repeats nothing and skips nothing.
  response.write(
    `retry: 1000\nid: ${missed?.[0] === undefined ? events.seq : missed[0].seq - 1}\ndata: ${JSON.stringify(hello)}\n\n`,
  );
  const send = (event: Recorded): void => {
    if (response.writableLength > maxUnreadBytes) response.destroy();
    else response.write(`id: ${event.seq}\ndata: ${JSON.stringify(event)}\n\n`);
  };
  for (const event of missed ?? []) send(event);
  response.once("close", events.watch(send));
}

import type { ServerResponse } from "node:http";
import type { Cancel, Clock } from "../../../shared/clock.ts";
import type { Change } from "../contract/picture.ts";
import { pageHeaders } from "../door/answer.ts";

/** A watcher that reads so slowly is sent away; it comes back and begins with a snapshot. */
const maxUnreadBytes = 4 * 2 ** 20;
/** A sign of life: a reader takes a supervisor that is silent for 5 s for one that hangs. */
const beatMs = 2_000;

interface Form {
  readonly type: string;
  readonly first: string;
  readonly frame: (change: Change) => string;
  readonly beat: string;
}

const lines: Form = {
  type: "application/x-ndjson",
  first: "",
  frame: (change) => `${JSON.stringify(change)}\n`,
  // A reader of lines skips the empty ones.
  beat: "\n",
};

const events: Form = {
  type: "text/event-stream",
  first: "retry: 1000\n\n",
  frame: (change) => `data: ${JSON.stringify(change)}\n\n`,
  beat: ": alive\n\n",
};

/** Sends changes as they come, one JSON per line, or as Server-Sent Events, until either side ends it. */
export function streamChanges(
  response: ServerResponse,
  form: "lines" | "events",
  watch: (watcher: (change: Change) => void) => () => void,
  clock: Clock,
): void {
  const { type, first, frame, beat } = form === "lines" ? lines : events;
  response.writeHead(200, { ...pageHeaders, "content-type": type, "x-accel-buffering": "no" });
  response.write(first);
  const send = (text: string): void => {
    if (response.writableLength > maxUnreadBytes) response.destroy();
    else response.write(text);
  };
  let cancelBeat: Cancel | undefined;
  const beatLater = (): void => {
    cancelBeat = clock.schedule(beatMs, () => {
      send(beat);
      beatLater();
    });
  };
  beatLater();
  const unwatch = watch((change) => {
    send(frame(change));
  });
  response.once("close", () => {
    cancelBeat?.();
    unwatch();
  });
}

import { fetchOwn } from "./door.js";

/** One event of a stream; undefined for a comment. */
function read(block) {
  const event = { id: "", data: undefined };
  for (const line of block.split("\n")) {
    const [, field, value] = /^(id|data): (.*)$/.exec(line) ?? [];
    if (field !== undefined) event[field] = value;
  }
  return event.data === undefined ? undefined : event;
}

/**
 * Server-Sent Events as our doors send them; EventSource could not send the half of the key. Resolves when the stream
 * ends. Throws when it is cut, when nothing at all was heard for `idleMs`, and, with its `status`, when it is refused.
 *
 * @param {string} path
 * @param {{ idleMs?: number, onEvent: (event: { id: string, data: string }) => void }} options
 */
export async function readEvents(path, { idleMs, onEvent }) {
  const ended = new AbortController();
  let idle;
  const heard = () => {
    clearTimeout(idle);
    if (idleMs !== undefined) idle = setTimeout(() => ended.abort(), idleMs);
  };
  heard();
  try {
    const headers = { accept: "text/event-stream" };
    const response = await fetchOwn(path, { headers, signal: ended.signal });
    if (response.status !== 200 || response.body === null)
      throw Object.assign(new Error(`${path}: ${response.status}`), { status: response.status });
    const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
    let rest = "";
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      heard();
      const blocks = (rest + value).split("\n\n");
      rest = blocks.pop() ?? "";
      for (const event of blocks.map(read)) if (event !== undefined) tell(onEvent, event);
    }
  } finally {
    clearTimeout(idle);
    ended.abort();
  }
}

/** A fault of the reader is no fault of the connection. */
function tell(onEvent, event) {
  try {
    onEvent(event);
  } catch (error) {
    reportError(error);
  }
}

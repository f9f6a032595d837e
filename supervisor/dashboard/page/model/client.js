import { fetchOwn } from "../../../sandbox/page/model/door.js";
import { readEvents } from "../../../sandbox/page/model/event-stream.js";

/** What the supervisor did not want or could not do, in its own words; `status` 401: the page's key is old. */
export class Refused extends Error {
  constructor(status, message) {
    super(message);
    this.status = status;
  }
}

async function ask(method, path, body) {
  let response;
  try {
    response = await fetchOwn(path, {
      method,
      headers: body === undefined ? {} : { "content-type": "application/json" },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  } catch (error) {
    throw new Error("The supervisor does not answer. Is it still running?", { cause: error });
  }
  const answer = await response.json().catch(() => undefined);
  if (response.ok && answer !== undefined) return answer;
  const said = answer?.error ?? `The supervisor answered ${response.status} to ${path}`;
  throw new Refused(response.status, said);
}

const by = "the fleet's page";

/** The control API, as far as the page needs it. */
export const supervisor = {
  order: (name, order) => ask("POST", `/api/${name}`, { ...order, by }),
  history: (since) => ask("POST", "/api/history", { since }),
  logs: (question) => ask("POST", "/api/logs", question),
};

const retryMs = { first: 400, longest: 4000 };
/** The stream has something every 2 s: a supervisor that is silent for so long hangs. */
const idleMs = 5000;

/**
 * Follows the fleet for ever: every opening begins with a snapshot, a connection that is lost or silent is opened again.
 *
 * @param {{ onChange: (change: object) => void, onLost: (isKeyOld: boolean) => void }} listener
 */
export function followFleet({ onChange, onLost }) {
  let waitMs = retryMs.first;

  function onEvent({ data }) {
    waitMs = retryMs.first;
    onChange(JSON.parse(data));
  }

  async function open() {
    const why = await readEvents("/api/live", { idleMs, onEvent }).catch((error) => error);
    onLost(why?.status === 401);
    setTimeout(() => void open(), waitMs);
    waitMs = Math.min(waitMs * 2, retryMs.longest);
  }
  void open();
}

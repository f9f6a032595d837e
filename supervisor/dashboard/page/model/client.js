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
    response = await fetch(path, {
      method,
      headers: body === undefined ? {} : { "content-type": "application/json" },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  } catch (error) {
    throw new Error("The supervisor does not answer. Is it still running?", { cause: error });
  }
  const answer = await response.json().catch(() => undefined);
  if (response.ok) return answer;
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

/**
 * Follows the fleet for ever: every opening begins with a snapshot, a lost connection is opened again.
 *
 * @param {{ onChange: (change: object) => void, onLost: (isKeyOld: boolean) => void }} listener
 */
export function followFleet({ onChange, onLost }) {
  let waitMs = retryMs.first;

  function open() {
    const source = new EventSource("/api/live");
    source.addEventListener("message", ({ data }) => {
      waitMs = retryMs.first;
      onChange(JSON.parse(data));
    });
    source.addEventListener("error", () => {
      // The browser's own reconnection gives up on some errors; ours never does.
      source.close();
      void explain();
      setTimeout(open, waitMs);
      waitMs = Math.min(waitMs * 2, retryMs.longest);
    });
  }

  /** An event stream does not say why it ended. */
  async function explain() {
    const refusal = await supervisor.history(Number.MAX_SAFE_INTEGER).catch((error) => error);
    onLost(refusal.status === 401);
  }
  open();
}

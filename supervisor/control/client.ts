import { existsSync } from "node:fs";
import { type IncomingMessage, request } from "node:http";
import { OperationError, systemErrorCode, UsageError } from "../../shared/errors.ts";
import {
  type Answer,
  type Order,
  type OrderName,
  orders,
  refusalSchema,
} from "./contract/orders.ts";
import { type Change, changeSchema, type FleetPicture, pictureSchema } from "./contract/picture.ts";
import { controlSocketPath } from "./contract/places.ts";
import { requireOwnDoor } from "./own-door.ts";

const answerWithinMs = 5_000;
/** The stream has a word at least every 2 s. */
const silentStreamMs = 5_000;

/** No supervisor answers on this state directory. */
export class NoSupervisorError extends OperationError {}

/**
 * Gives an order to the supervisor of a state directory and waits for its answer, as long as that takes.
 * @param whileWaiting is told, once, why it takes long
 * @throws NoSupervisorError; OperationError where this user may not, or with the supervisor's own words
 */
export async function giveOrder<N extends OrderName>(
  stateDir: string,
  name: N,
  order: Order<N>,
  whileWaiting: (words: string) => void = () => undefined,
): Promise<Answer<N>> {
  const body = JSON.stringify(order);
  const answer = await ask(stateDir, "POST", `/api/${name}`, { body, whileWaiting });
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the schema of this very order
  return orders[name].answer.parse(await readJson(answer)) as Answer<N>;
}

/** The fleet as its supervisor sees it now. @throws as {@link giveOrder} */
export async function askPicture(stateDir: string): Promise<FleetPicture> {
  return pictureSchema.parse(await readJson(await ask(stateDir, "GET", "/api/fleet")));
}

/**
 * The fleet, and then every change, until the signal aborts or the supervisor ends.
 * @throws as {@link giveOrder}; OperationError once the supervisor has been silent for 5 s
 */
export async function* followFleet(stateDir: string, signal: AbortSignal): AsyncGenerator<Change> {
  const stream = await ask(stateDir, "GET", "/api/live");
  const end = (): void => {
    stream.destroy();
  };
  signal.addEventListener("abort", end, { once: true });
  const { socket } = stream;
  socket.setTimeout(silentStreamMs, () => {
    const { bytesRead } = socket;
    // Where it was we who were suspended, what came in the meantime is read before this.
    setImmediate(() => {
      if (socket.bytesRead === bytesRead) stream.destroy(hangs(stateDir, silentStreamMs));
    });
  });
  try {
    stream.setEncoding("utf8");
    let rest = "";
    for await (const chunk of stream as AsyncIterable<string>) {
      const lines = (rest + chunk).split("\n");
      rest = lines.pop() ?? "";
      for (const line of lines) if (line !== "") yield changeSchema.parse(JSON.parse(line));
    }
  } catch (error) {
    // The end of the supervisor cuts the stream; whoever follows finds out why by asking again.
    if (!signal.aborted && !isCut(error)) throw error;
  } finally {
    signal.removeEventListener("abort", end);
    stream.destroy();
  }
}

async function readJson(response: IncomingMessage): Promise<unknown> {
  let text = "";
  response.setEncoding("utf8");
  for await (const chunk of response as AsyncIterable<string>) text += chunk;
  return JSON.parse(text);
}

/** Resolves with an answer that says yes. */
async function ask(
  stateDir: string,
  method: "GET" | "POST",
  path: string,
  order?: { readonly body: string; readonly whileWaiting: (words: string) => void },
): Promise<IncomingMessage> {
  const socketPath = controlSocketPath(stateDir);
  await requireOwnDoor(stateDir, socketPath);
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    const call = request({ socketPath, path, method, agent: false }, (answer) => {
      call.setTimeout(0).removeAllListeners("timeout");
      resolve(answer);
    });
    // An order takes as long as a stop may take; a look takes half a second.
    call.setTimeout(answerWithinMs, () => {
      if (order === undefined) call.destroy(hangs(stateDir, answerWithinMs));
      else order.whileWaiting(stillWaiting);
    });
    call.on("error", (error) => {
      reject(explain(error, stateDir, socketPath));
    });
    call.end(order?.body);
  });
  if (response.statusCode === 200) return response;
  const refusal = refusalSchema.safeParse(await readJson(response).catch(() => undefined)).data;
  const message = refusal?.error ?? `The supervisor answered ${response.statusCode ?? "nothing"}.`;
  throw refusal?.wrongUsage === true ? new UsageError(message) : new OperationError(message);
}

const stillWaiting = `Still waiting: the supervisor has not answered for ${answerWithinMs / 1_000} s. A bot may be finishing its work, or the supervisor hangs: npx tg-supervisor doctor`;

function hangs(stateDir: string, silentMs: number): OperationError {
  return new OperationError(
    `The supervisor of ${stateDir} does not answer within ${silentMs / 1_000} s: it hangs or is suspended. Its bots end with it.`,
  );
}

function explain(error: Error, stateDir: string, socketPath: string): Error {
  const code = systemErrorCode(error);
  if (code === "ENOENT" || code === "ECONNREFUSED") {
    const where = existsSync(stateDir)
      ? ""
      : " There is no such folder: go to the folder of fleet.yaml, or set TG_STATE_DIR.";
    return new NoSupervisorError(
      `No supervisor runs on ${stateDir}.${where} Start the fleet with: npm run supervisor`,
    );
  }
  if (code === "EACCES" || code === "EPERM") {
    return new OperationError(
      `${socketPath} belongs to another user. Ask as the user who runs the supervisor.`,
    );
  }
  return error;
}

function isCut(error: unknown): boolean {
  return ["ECONNRESET", "ERR_STREAM_PREMATURE_CLOSE", "EPIPE"].includes(
    systemErrorCode(error) ?? "",
  );
}

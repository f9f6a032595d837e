import { request } from "node:http";
import { OperationError, systemErrorCode } from "../../shared/errors.ts";
import { controlSocketPath, type Order, type OrderName, refusalSchema } from "./contract.ts";

/**
 * Gives an order to the supervisor of a state directory and waits until it is done.
 * @throws OperationError where none runs, where this user may not, or with the supervisor's own words
 */
export async function giveOrder<N extends OrderName>(
  stateDir: string,
  name: N,
  order: Order<N>,
): Promise<void> {
  const { status, text } = await post(stateDir, name, JSON.stringify(order));
  if (status === 200) return;
  const refusal = refusalSchema.safeParse(JSON.parse(text)).data;
  throw new OperationError(refusal?.error ?? `The supervisor answered ${status}.`);
}

function post(
  stateDir: string,
  name: string,
  body: string,
): Promise<{ status: number; text: string }> {
  const socketPath = controlSocketPath(stateDir);
  return new Promise((resolve, reject) => {
    const call = request({ socketPath, path: `/${name}`, method: "POST" }, (response) => {
      let text = "";
      response.setEncoding("utf8");
      response.on("data", (chunk: string) => {
        text += chunk;
      });
      response.on("end", () => {
        resolve({ status: response.statusCode ?? 0, text });
      });
      response.on("error", reject);
    });
    call.on("error", (error) => {
      reject(explain(error, stateDir, socketPath));
    });
    call.end(body);
  });
}

function explain(error: Error, stateDir: string, socketPath: string): Error {
  const code = systemErrorCode(error);
  if (code === "ENOENT" || code === "ECONNREFUSED") {
    return new OperationError(
      `No supervisor runs on ${stateDir}. Start the fleet with: npm run supervisor`,
    );
  }
  if (code === "EACCES" || code === "EPERM") {
    return new OperationError(
      `${socketPath} belongs to another user. Ask as the user who runs the supervisor.`,
    );
  }
  return error;
}

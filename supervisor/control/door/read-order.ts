import type { IncomingMessage } from "node:http";
import { OperationError } from "../../../shared/errors.ts";

/** Orders are a few words; whoever sends more is not our client. */
const maxBodyBytes = 64 * 1024;

/** @throws OperationError for a body that is too long; SyntaxError for one that is not JSON */
export async function readOrder(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > maxBodyBytes) throw new OperationError("The order is too long.");
    chunks.push(chunk);
  }
  return JSON.parse(Buffer.concat(chunks).toString("utf8"));
}

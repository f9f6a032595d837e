import type { IncomingMessage } from "node:http";

const maxBodyBytes = 50 * 2 ** 20;

/** The whole body; undefined when it is larger than 50 MiB. @throws when the connection breaks before its end */
export async function readBody(request: IncomingMessage): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > maxBodyBytes) return undefined;
    chunks.push(chunk);
  }
  const [first, ...rest] = chunks;
  // Nearly every body comes in one piece.
  return first !== undefined && rest.length === 0 ? first : Buffer.concat(chunks);
}

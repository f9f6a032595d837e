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
  return chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks);
}

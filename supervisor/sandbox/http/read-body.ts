import type { IncomingMessage } from "node:http";

/**
 * The whole body; undefined when it is larger than `maxBytes`. Such a body is still read to its end: a caller who
 * sends and gets no answer meanwhile would see a broken connection. @throws when the connection breaks before its end
 */
export async function readBody(
  request: IncomingMessage,
  maxBytes: number,
): Promise<Buffer | undefined> {
  let chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > maxBytes) chunks = [];
    else chunks.push(chunk);
  }
  if (length > maxBytes) return undefined;
  const [first, ...rest] = chunks;
  // Nearly every body comes in one piece.
  return first !== undefined && rest.length === 0 ? first : Buffer.concat(chunks);
}

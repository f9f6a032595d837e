import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { portOf } from "../../telegram/hostile-server.ts";

/** Something that Telegram might put into the list of updates, and the id it would have there. */
export interface Served {
  readonly id: number;
  /** As it goes over the wire; need not be an update at all. */
  readonly json: string;
}

export interface FakeTelegram {
  readonly url: string;
  /** What no getUpdates has confirmed yet. */
  readonly pending: number;
  close(): Promise<void>;
}

/** A Bot API that serves what no sandbox would make, with Telegram's rule for offsets; every other call succeeds. */
export async function startFakeTelegram(served: readonly Served[]): Promise<FakeTelegram> {
  let waiting = [...served];
  const results: Readonly<Record<string, string>> = {
    getMe: '{"id":1,"is_bot":true,"first_name":"Odd","username":"odd_bot"}',
    getWebhookInfo: '{"url":"","has_custom_certificate":false,"pending_update_count":0}',
  };
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const chunks: Buffer[] = await request.toArray();
    const parameters = new URLSearchParams(Buffer.concat(chunks).toString());
    const method = request.url?.split("/").at(-1) ?? "";
    let result = results[method] ?? "true";
    if (method === "getUpdates") {
      const offset = Number(parameters.get("offset") ?? 0);
      waiting = waiting.filter(({ id }) => id >= offset);
      result = `[${waiting
        .slice(0, 100)
        .map(({ json }) => json)
        .join(",")}]`;
      // A parked poll, shortened.
      if (waiting.length === 0) await new Promise((resolve) => setTimeout(resolve, 100));
    }
    response.setHeader("content-type", "application/json");
    response.end(`{"ok":true,"result":${result}}`);
  };
  const server = createServer((request, response) => void answer(request, response));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${portOf(server)}`,
    get pending() {
      return waiting.length;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";

export interface Seen {
  readonly chatId: number;
  readonly text: string;
}

/** A Bot API that only counts: every message that reaches it is seen, whether or not its answer is still wanted. */
export class CountingServer {
  readonly seen: Seen[] = [];
  private readonly server: Server;
  private readonly random: () => number;
  /** Of a thousand requests so many are cut after they arrived. */
  resetsPerMille = 0;

  private constructor(random: () => number) {
    this.random = random;
    this.server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on("error", () => undefined);
      request.on("data", (chunk: Buffer) => chunks.push(chunk));
      request.on("end", () => {
        const fields = new URLSearchParams(Buffer.concat(chunks).toString());
        this.seen.push({ chatId: Number(fields.get("chat_id")), text: fields.get("text") ?? "" });
        const messageId = this.seen.length;
        if (this.random() * 1_000 < this.resetsPerMille) {
          request.socket.destroy();
          return;
        }
        setTimeout(
          () => {
            response.writeHead(200, { "content-type": "application/json" });
            response.end(JSON.stringify({ ok: true, result: { message_id: messageId } }));
          },
          5 + this.random() * 10,
        );
      });
    });
  }

  static async start(random: () => number): Promise<CountingServer> {
    const counting = new CountingServer(random);
    await new Promise<void>((resolve) => {
      counting.server.listen(0, "127.0.0.1", resolve);
    });
    return counting;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => {
      this.server.close(resolve);
    });
  }
}

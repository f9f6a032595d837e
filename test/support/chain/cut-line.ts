import { once } from "node:events";
import { createServer, request, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** How a line to a chain behaves: as it should, refusing connections, or answering as busy or broken servers do. */
export type LineState = "works" | "rate_limited" | "broken" | "silent";

/** A line to a real chain that a test can spoil. */
export class CutLine {
  state: LineState = "works";
  readonly url: string;
  /** Requests that came while it did not work. */
  refused = 0;
  private readonly server: Server;

  private constructor(server: Server) {
    this.server = server;
    const { port } = server.address() as AddressInfo;
    this.url = `http://127.0.0.1:${port}/v2/secret-key-0123456789`;
  }

  static async open(target: string): Promise<CutLine> {
    const server = createServer();
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    const line = new CutLine(server);
    server.on("request", (asked, answer) => {
      if (line.spoil(answer)) return;
      const passed = request(target, { method: "POST", headers: asked.headers }, (come) => {
        answer.writeHead(come.statusCode ?? 502, come.headers);
        come.pipe(answer);
      });
      passed.on("error", () => answer.destroy());
      asked.pipe(passed);
    });
    return line;
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    this.server.close();
    await once(this.server, "close");
  }

  private spoil(answer: ServerResponse): boolean {
    if (this.state === "works") return false;
    this.refused += 1;
    if (this.state === "rate_limited")
      answer.writeHead(429, { "retry-after": "1" }).end("slow down");
    if (this.state === "broken") answer.destroy();
    return true;
  }
}

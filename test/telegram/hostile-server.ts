import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { Server as NetServer, Socket } from "node:net";

export interface HostileServer {
  readonly url: string;
  /** Connections accepted so far. */
  readonly connections: number;
  /** Connections that are open now. */
  readonly open: ReadonlySet<Socket>;
  readonly requests: { body: string; headers: IncomingMessage["headers"] }[];
  close(): Promise<void>;
}

/** A tiny HTTP server; the path of a request says how it misbehaves. */
export async function startHostileServer(): Promise<HostileServer> {
  const open = new Set<Socket>();
  const requests: HostileServer["requests"] = [];
  let connections = 0;
  const server = createServer((request, response) => {
    const early = earlyAnswers[request.url ?? ""];
    if (early !== undefined) {
      early(response);
      return;
    }
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      requests.push({ body: Buffer.concat(chunks).toString(), headers: request.headers });
      (answers[request.url ?? ""] ?? answerWell)(response);
    });
    request.on("error", () => response.destroy());
  });
  server.on("connection", (socket) => {
    connections += 1;
    open.add(socket);
    socket.on("close", () => open.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${portOf(server)}`,
    get connections() {
      return connections;
    },
    open,
    requests,
    close: () => close(server),
  };
}

export function portOf(server: NetServer): number {
  const address = server.address();
  if (address === null || typeof address === "string")
    throw new Error("the server has no TCP port");
  return address.port;
}

function answerWell(response: ServerResponse): void {
  response.setHeader("content-type", "application/json");
  response.end('{"ok":true,"result":{"umlaut":"ä€𝄞"}}');
}

const answers: Readonly<Record<string, (response: ServerResponse) => void>> = {
  "/cut": (response) => {
    response.writeHead(200, { "content-length": 1000 });
    response.write('{"ok":true,', () => response.destroy());
  },
  "/cut-chunks": (response) => {
    response.writeHead(200);
    response.write('{"ok":true,', () => response.destroy());
  },
  "/reset": (response) => response.socket?.resetAndDestroy(),
  "/hang": () => undefined,
  "/hang-in-body": (response) => {
    response.writeHead(200, { "content-length": 1000 });
    response.write("{");
  },
  "/empty": (response) => response.writeHead(204).end(),
  "/502": (response) =>
    response.writeHead(502, { "retry-after": "7" }).end("<html>Bad Gateway</html>"),
};

/** Answers that come before the request was read. */
const earlyAnswers: Readonly<Record<string, (response: ServerResponse) => void>> = {
  "/too-large": (response) => {
    response.writeHead(413, { connection: "close" }).end("too large");
  },
  "/hang-in-upload": () => undefined,
};

function close(server: Server): Promise<void> {
  server.closeAllConnections();
  return new Promise((resolve) => server.close(() => resolve()));
}

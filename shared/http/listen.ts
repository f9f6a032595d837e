import type { Server } from "node:http";

/**
 * Resolves when connections are accepted. Port 0: any that is free.
 * @throws the system's error (`EADDRINUSE`, `EACCES`, ...)
 */
export function listen(server: Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const onError = (error: Error): void => {
      server.off("listening", onListening);
      reject(error);
    };
    const onListening = (): void => {
      server.off("error", onError);
      resolve();
    };
    server.once("error", onError);
    server.once("listening", onListening);
    server.listen(port, host);
  });
}

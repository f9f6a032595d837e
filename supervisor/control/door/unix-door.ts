import { chmod, lstat, mkdir, rm } from "node:fs/promises";
import { createServer } from "node:http";
import { dirname } from "node:path";
import { OperationError } from "../../../shared/errors.ts";
import { answerApi, type RouteDeps } from "./routes.ts";

export interface Door {
  /** Ends every connection, open streams too. */
  close(): Promise<void>;
}

/**
 * Listens for orders on a unix socket that only its owner can open. An earlier supervisor's socket is replaced: call it
 * only as the one supervisor of this state directory.
 * @throws OperationError where the socket's folder belongs to somebody else
 */
export async function openUnixDoor(path: string, deps: RouteDeps): Promise<Door> {
  const folder = dirname(path);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const owner = (await lstat(folder)).uid;
  if (process.getuid !== undefined && owner !== process.getuid()) {
    throw new OperationError(
      `${folder} belongs to user ${owner}. Remove it, or set TG_STATE_DIR to a folder of your own.`,
    );
  }
  await rm(path, { force: true });
  const server = createServer((request, response) => {
    void answerApi(deps, request, response);
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    // Never open to others, not even until the chmod. The bind happens within the call.
    const mask = process.umask(0o177);
    server.listen(path, resolve);
    process.umask(mask);
  });
  await chmod(path, 0o600);
  server.unref();
  return { close: () => closeServer(server) };
}

/** Resolves when the last connection is gone. */
export function closeServer(server: ReturnType<typeof createServer>): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => {
      resolve();
    });
    server.closeAllConnections();
  });
}

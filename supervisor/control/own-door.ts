import type { Stats } from "node:fs";
import { lstat } from "node:fs/promises";
import { dirname, sep } from "node:path";
import { OperationError, systemErrorCode } from "../../shared/errors.ts";

/**
 * A socket outside of the state folder lies where everybody may make folders, under a name that can be computed: whoever
 * was there first could play the supervisor. @throws OperationError where it is not ours, or others could have made it
 */
export async function requireOwnDoor(stateDir: string, socketPath: string): Promise<void> {
  const user = process.getuid?.();
  if (user === undefined || socketPath.startsWith(stateDir + sep)) return;
  const folder = dirname(socketPath);
  const found = await look(folder);
  if (found === undefined) return;
  const wrong = strangeness(found, user) ?? (await strangenessAt(socketPath, user));
  if (wrong === undefined) return;
  throw new OperationError(
    `${wrong === "open" ? `${folder} is open to other users` : `${folder} or the socket in it belongs to another user, or is no folder of ours`}: it may be somebody else who answers there, so nothing was asked. Set TG_STATE_DIR to a shorter path, or stop the supervisor, remove ${folder} and start it again.`,
  );
}

function strangeness(folder: Stats, user: number): "strange" | "open" | undefined {
  if (!folder.isDirectory() || folder.uid !== user) return "strange";
  return (folder.mode & 0o077) === 0 ? undefined : "open";
}

async function strangenessAt(socketPath: string, user: number): Promise<"strange" | undefined> {
  const socket = await look(socketPath);
  return socket === undefined || (socket.isSocket() && socket.uid === user) ? undefined : "strange";
}

/** Of the thing itself, not of what a link points to; undefined where there is nothing. */
async function look(path: string): Promise<Stats | undefined> {
  try {
    return await lstat(path);
  } catch (error) {
    if (systemErrorCode(error) === "ENOENT") return undefined;
    throw error;
  }
}

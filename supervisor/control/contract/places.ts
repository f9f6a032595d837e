import { tmpdir } from "node:os";
import { join } from "node:path";
import { fleetId } from "../../../shared/process/marker.ts";

/** The kernel's limit for the path of a unix socket (sockaddr_un: 108 bytes with the final zero). */
const longestSocketPath = 107;

/** The supervisor's door for commands. Its folder is its owner's alone, and so is the socket. */
export function controlSocketPath(stateDir: string): string {
  const usual = join(stateDir, "supervisor", "control.sock");
  if (Buffer.byteLength(usual) <= longestSocketPath) return usual;
  return join(
    tmpdir(),
    `tg-supervisor-${process.getuid?.() ?? 0}-${fleetId(stateDir)}`,
    "control.sock",
  );
}

/** The key to the fleet's page; whoever can read it may do everything. */
export function pageTokenPath(stateDir: string): string {
  return join(stateDir, "supervisor", "page-token");
}

/** The address to open once: the page answers with a ticket, and the token leaves the address. */
export function pageAddress(url: string, token: string): string {
  return `${url}/?token=${token}`;
}

import { readdirSync, readFileSync, readlinkSync } from "node:fs";
import { kernelLockAddress } from "./kernel-lock.ts";
import { readStat } from "./proc-stat.ts";

export interface LockHolder {
  readonly pid: number;
  /** The program's name as the kernel has it: for people. */
  readonly command: string;
}

/** A socket that listens, in the flags of /proc/net/unix (net/unix/af_unix.c: __SO_ACCEPTCON). */
const listening = 0x1_00_00;

/** The process that holds a kernel lock; undefined for none, another user's, or where the system does not tell. */
export function findLockHolder(name: string): LockHolder | undefined {
  const address = kernelLockAddress(name);
  if (!("path" in address)) return undefined;
  try {
    const inode = inodeOf(address.path.replace("\0", "@"));
    if (inode === undefined) return undefined;
    const pid = readdirSync("/proc").find((entry) => /^\d+$/.test(entry) && owns(entry, inode));
    if (pid === undefined) return undefined;
    return { pid: Number(pid), command: readStat(Number(pid))?.command ?? "?" };
  } catch {
    return undefined;
  }
}

/** Num: RefCount Protocol Flags Type St Inode Path */
function inodeOf(path: string): string | undefined {
  for (const line of readFileSync("/proc/net/unix", "utf8").split("\n")) {
    const [, , , flags = "", , , inode, found] = line.trim().split(/\s+/);
    // Some versions of Node fill the name up with zero bytes, which the kernel shows as @.
    if (found?.replace(/@+$/, "") === path && (Number.parseInt(flags, 16) & listening) !== 0)
      return inode;
  }
  return undefined;
}

function owns(pid: string, inode: string): boolean {
  try {
    const folder = `/proc/${pid}/fd`;
    return readdirSync(folder).some((descriptor) => {
      try {
        return readlinkSync(`${folder}/${descriptor}`) === `socket:[${inode}]`;
      } catch {
        return false;
      }
    });
  } catch {
    return false;
  }
}

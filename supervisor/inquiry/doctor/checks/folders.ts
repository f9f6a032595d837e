import { access, chmod, constants, mkdir, stat, statfs } from "node:fs/promises";
import { dirname, join } from "node:path";
import { systemErrorCode } from "../../../../shared/errors.ts";
import { pageTokenPath } from "../../../control/contract/places.ts";
import type { Finding, Patient } from "../finding.ts";

const check = "folders";
/** Ten minutes of a busy fleet, and half an hour of a calm one that logs errors. */
const littleBytes = 200e6;
const nothingBytes = 20e6;

/** Whether state and lock can be written, for whom they are readable, and how much room there is. */
export async function checkFolders({ stateDir, environment }: Patient): Promise<Finding[]> {
  return [
    ...(await writable(stateDir, "state; TG_STATE_DIR")),
    ...(await writable(environment.lockDir, "polling lock; TELEGRAM_LOCK_DIR")),
    ...(await privateTo(stateDir, 0o700)),
    ...(await privateTo(join(stateDir, "supervisor"), 0o700)),
    ...(await privateTo(pageTokenPath(stateDir), 0o600)),
    ...(await room(stateDir)),
  ];
}

async function writable(path: string, purpose: string): Promise<Finding[]> {
  try {
    await access(path, constants.W_OK | constants.X_OK);
    return [{ check, level: "ok", text: `${path} (${purpose}) can be written.` }];
  } catch (error) {
    const code = systemErrorCode(error) ?? "?";
    if (code !== "ENOENT")
      return [{ check, level: "fail", text: `${path} (${purpose}) cannot be written: ${code}.` }];
    const fix = {
      text: `${path} is made`,
      run: async () => void (await mkdir(path, { recursive: true, mode: 0o700 })),
    };
    const text = `${path} (${purpose}) does not exist yet; the first start makes it.`;
    return [{ check, level: "warn", text, fix }];
  }
}

/** State holds chats and the page's key. */
async function privateTo(path: string, mode: number): Promise<Finding[]> {
  try {
    const found = (await stat(path)).mode & 0o777;
    if ((found & 0o077) === 0) return [];
    const text = `${path} is readable for other users (mode ${found.toString(8)}).`;
    const fix = { text: `${path} is for its owner alone`, run: () => chmod(path, mode) };
    return [{ check, level: "warn", text, fix }];
  } catch (error) {
    if (systemErrorCode(error) === "ENOENT") return [];
    throw error;
  }
}

/** A folder that is not there yet will lie on the disk of the one above. */
async function room(path: string): Promise<Finding[]> {
  try {
    const { bavail, bsize } = await statfs(path);
    const free = bavail * bsize;
    const text = `${Math.round(free / 1e6)} MB are free for ${path}.`;
    if (free >= littleBytes) return [{ check, level: "ok", text }];
    return [
      {
        check,
        level: free < nothingBytes ? "fail" : "warn",
        text: `${text} Without room nothing is taken from Telegram; make some.`,
      },
    ];
  } catch (error) {
    if (systemErrorCode(error) !== "ENOENT" || dirname(path) === path) throw error;
    return await room(dirname(path));
  }
}

import { readdir } from "node:fs/promises";
import { systemErrorCode } from "../../shared/errors.ts";

/** What a folder holds, sorted; nothing where there is no such folder. @throws the system's error */
export async function namesIn(folder: string): Promise<string[]> {
  try {
    return (await readdir(folder)).toSorted();
  } catch (error) {
    if (systemErrorCode(error) === "ENOENT") return [];
    throw error;
  }
}

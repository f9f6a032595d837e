import { access, constants, mkdir } from "node:fs/promises";
import { ConfigurationError, systemErrorCode } from "../errors.ts";

/**
 * Makes sure at the start that a folder of ours can be written, so that a person hears of it once and in words.
 * @param purpose what it is for, and which setting moves it
 * @throws ConfigurationError
 */
export async function requireWritableFolder(path: string, purpose: string): Promise<void> {
  try {
    await mkdir(path, { recursive: true, mode: 0o700 });
    await access(path, constants.W_OK | constants.X_OK);
  } catch (error) {
    throw new ConfigurationError(
      `${path} (${purpose}) cannot be written by this user: ${systemErrorCode(error) ?? String(error)}. Give this user the right, or set another folder.`,
      { cause: error },
    );
  }
}

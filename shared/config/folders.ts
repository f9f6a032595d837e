import { requireWritableFolder } from "../storage/writable-folder.ts";

/** The two folders without which nothing can run. @throws ConfigurationError */
export async function requireFolders(folders: {
  readonly stateDir: string;
  readonly lockDir: string;
}): Promise<void> {
  await requireWritableFolder(folders.stateDir, "state; TG_STATE_DIR");
  await requireWritableFolder(folders.lockDir, "polling lock; TELEGRAM_LOCK_DIR");
}

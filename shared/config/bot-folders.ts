import { readdirSync } from "node:fs";
import { extname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";

const botsDir = fileURLToPath(new URL("../../bots/", import.meta.url));

/** Names are folder, config key, log label and part of file names at once, so they stay plain. */
export const botNamePattern = /^[a-z][a-z0-9_]{0,30}$/;

/** The entry file of a bot that is a folder of this program. */
export function botFile(name: string): string {
  return join(botsDir, name, `bot${extname(import.meta.url)}`);
}

/** Every folder of `bots/` that holds a bot, main first: adding a folder adds a bot. */
export function listBotFolders(dir = botsDir): string[] {
  return foldersWithBot(dir)
    .filter((name) => botNamePattern.test(name))
    .toSorted((a, b) => Number(b === "main") - Number(a === "main") || a.localeCompare(b));
}

/** Folders that hold a bot and are left out for their name; whoever made one waits for it. */
export function listMisnamedFolders(dir = botsDir): string[] {
  return foldersWithBot(dir).filter((name) => !botNamePattern.test(name));
}

function foldersWithBot(dir: string): string[] {
  return readdirSync(dir, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && entry.name === `bot${extname(import.meta.url)}`)
    .map((entry) => relative(dir, entry.parentPath));
}

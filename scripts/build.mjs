// Builds dist/ beside the old one and swaps them, so that nobody ever starts from half a build.
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import {
  cpSync,
  existsSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

export const root = resolve(dirname(fileURLToPath(import.meta.url)), "..");
const dist = join(root, "dist");
const compiler = join(root, "node_modules/typescript/bin/tsc");
const sourceFolders = ["supervisor", "bots", "shared", "scripts"];
const assets = /\.(html|css|svg|js|yaml|py|sh)$/;

function filesBelow(folder) {
  return readdirSync(join(root, folder), { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .toSorted();
}

/** One value for the content of everything that goes into dist: also sees deleted and renamed files. */
export function sourceFingerprint() {
  const hash = createHash("sha256");
  const files = [
    ...sourceFolders.flatMap(filesBelow),
    join(root, "tsconfig.json"),
    join(root, "tsconfig.build.json"),
  ];
  for (const file of files)
    hash.update(file.slice(root.length)).update("\0").update(readFileSync(file));
  return hash.digest("hex");
}

export function canBuild() {
  return existsSync(compiler);
}

export function distIsCurrent() {
  try {
    return readFileSync(join(dist, ".fingerprint"), "utf8") === sourceFingerprint();
  } catch {
    return false;
  }
}

/** Ends with this process, however that ends: nobody wants half a build that goes on alone. */
function compile(outDir) {
  return new Promise((done, fail) => {
    const args = [compiler, "-p", join(root, "tsconfig.build.json"), "--outDir", outDir];
    const tsc = spawn(process.execPath, args, { stdio: ["ignore", 2, 2] });
    const signals = ["SIGTERM", "SIGINT", "SIGHUP"];
    const handOn = (signal) => tsc.kill(signal);
    for (const signal of signals) process.on(signal, handOn);
    tsc.on("error", fail);
    tsc.on("close", (code, signal) => {
      for (const each of signals) process.off(each, handOn);
      if (code === 0) done();
      else if (signal === null)
        fail(new Error("The TypeScript build failed; the messages above say where."));
      else fail(new Error(`The build was ended by ${signal}.`));
    });
  });
}

/** What builds that were killed left. */
function removeLeftovers() {
  for (const name of readdirSync(root)) {
    const pid = Number(/^dist-(?:old-)?(\d+)$/.exec(name)?.[1]);
    if (pid > 0 && !isAlive(pid)) rmSync(join(root, name), { recursive: true, force: true });
  }
}

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === "EPERM";
  }
}

export async function build() {
  const fresh = join(root, `dist-${process.pid}`);
  const retired = join(root, `dist-old-${process.pid}`);
  removeLeftovers();
  const fingerprint = sourceFingerprint();
  try {
    await compile(fresh);
    for (const file of sourceFolders.flatMap(filesBelow)) {
      if (assets.test(file)) cpSync(file, join(fresh, file.slice(root.length)));
    }
    writeFileSync(join(fresh, ".fingerprint"), fingerprint);
    if (existsSync(dist)) renameSync(dist, retired);
    renameSync(fresh, dist);
  } finally {
    rmSync(fresh, { recursive: true, force: true });
    rmSync(retired, { recursive: true, force: true });
  }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) await build();

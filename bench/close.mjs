// From `close` to the process gone, beside the floor: a bare Node process that is stopped by SIGTERM.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { systemClock } from "../dist/shared/clock.js";
import { closeListener } from "../dist/shared/lifecycle/close-listener.js";
import { listenerRoot } from "../dist/shared/lifecycle/listener-root.js";
import { createLog } from "../dist/shared/logger.js";
import { startSandbox } from "../dist/supervisor/sandbox/sandbox.js";
import { median, percentile, printTable } from "./figures.mjs";

const botEntry = fileURLToPath(new URL("../dist/bots/run-bot.js", import.meta.url));
/** Long enough to be idle: setup done, the poll parked. */
const idleMs = 300;

async function started(args, env, sign) {
  const child = spawn(process.execPath, args, {
    env: { PATH: process.env.PATH, ...env },
    stdio: ["ignore", "pipe", "inherit"],
  });
  const seen = new Promise((resolve) => {
    let text = "";
    child.stdout.on("data", (chunk) => {
      text += chunk;
      if (text.includes(sign)) resolve();
    });
  });
  await seen;
  await systemClock.sleep(idleMs);
  return child;
}

async function measured(child, act) {
  const startedMs = performance.now();
  const gone = once(child, "exit");
  await act();
  await gone;
  return performance.now() - startedMs;
}

export async function benchClose({ rounds }) {
  const dir = mkdtempSync(join(tmpdir(), "bench-close-"));
  const stateDir = join(dir, "var");
  mkdirSync(join(dir, "locks"));
  const sandbox = await startSandbox({ log: createLog({ label: "sandbox", level: "error" }) });
  const [bot] = await sandbox.ensureBots(["main"]);
  const env = {
    HOME: dir,
    TELEGRAM_API_ROOT: sandbox.url,
    TELEGRAM_BOT_TOKEN: bot.token,
    TELEGRAM_LOCK_DIR: join(dir, "locks"),
    TG_STATE_DIR: stateDir,
  };
  const closes = [];
  const floors = [];
  try {
    for (let round = 1; round <= rounds; round += 1) {
      const main = await started([botEntry, "main"], env, "[main] ready");
      const root = listenerRoot(stateDir, "main");
      closes.push(
        await measured(main, () =>
          closeListener({ root, by: "the benchmark", clock: systemClock }),
        ),
      );
      const bare = await started(
        [
          "-e",
          "process.on('SIGTERM', () => process.exit(0)); setInterval(() => {}, 1000); console.log('here')",
        ],
        {},
        "here",
      );
      floors.push(await measured(bare, () => bare.kill("SIGTERM")));
      process.stderr.write(`\r${round}/${rounds}`);
    }
  } finally {
    process.stderr.write("\n");
    await sandbox.close();
    rmSync(dir, { recursive: true, force: true });
  }
  const row = (name, values) => [
    name,
    ...[median(values), percentile(values, 0.9), Math.max(...values)].map((ms) => ms.toFixed(0)),
    (median(values) / median(floors)).toFixed(1),
  ];
  printTable(
    "Stopping, in ms",
    ["", "median", "p90", "longest", "of the floor"],
    [
      row("main, idle: close -> process gone", closes),
      row("bare Node: SIGTERM -> process gone", floors),
    ],
  );
}

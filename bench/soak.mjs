// npm run bench -- soak: one bot at a steady rate for minutes; memory and disk printed every 30 seconds.
import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { printTable } from "./figures.mjs";
import { Contestant, Stage } from "./stage.mjs";

const printEveryMs = 30_000;
const tickMs = 50;
/** Two days, which is how long segments are kept, pass in two minutes. */
const hoursPerMinute = 24;

export async function soak({ minutes, ratePerSecond }) {
  const stage = await Stage.open(100);
  const rows = [];
  try {
    const bot = await stage.newBot();
    const { token, apiRoot, stateDir } = bot;
    const soaking = new Contestant("soaking", { token, apiRoot, stateDir, hoursPerMinute });
    while (!bot.polling().parked) await sleep(5);
    console.log(
      `${ratePerSecond} updates/s, every tenth answered, ${minutes} min; the bot's calendar runs ${hoursPerMinute} h per minute.`,
    );
    const beganMs = performance.now();
    let said = 0;
    for (let printed = 0; printed < (minutes * 60_000) / printEveryMs; ) {
      await sleep(tickMs);
      const elapsedMs = performance.now() - beganMs;
      for (; said < (elapsedMs / 1000) * ratePerSecond; said += 1) bot.say();
      if (elapsedMs < (printed + 1) * printEveryMs) continue;
      printed += 1;
      const row = { seconds: Math.round(elapsedMs / 1000), said, ...(await look(soaking, bot)) };
      rows.push(row);
      console.log(describe(row));
    }
    await soaking.end("SIGTERM");
  } finally {
    await stage.close();
  }
  summarise(rows);
}

async function look(soaking, { stateDir, id, polling }) {
  const told = soaking.next("count", 10_000);
  soaking.ask("count");
  const { handled, rss, heapUsed } = await told;
  const dir = join(stateDir, "updates", String(id));
  const segments = readdirSync(dir).filter((name) => /^\d+\.jsonl$/.test(name));
  return {
    handled,
    rss,
    heapUsed,
    segments: segments.length,
    disk: sizeOf(stateDir),
    unconfirmed: polling().pending,
  };
}

function sizeOf(dir) {
  return readdirSync(dir, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .reduce((bytes, { parentPath, name }) => bytes + statSync(join(parentPath, name)).size, 0);
}

const mb = (bytes) => (bytes / 1e6).toFixed(1);

function describe({ seconds, said, handled, rss, heapUsed, segments, disk, unconfirmed }) {
  return `${String(seconds).padStart(5)} s: said ${said}, behind ${said - handled}, unconfirmed ${unconfirmed}, RSS ${mb(rss)} MB, heap ${mb(heapUsed)} MB, disk ${mb(disk)} MB in ${segments} segments`;
}

const highest = (rows, figure) => mb(Math.max(0, ...rows.map((row) => row[figure])));

/** Flat means: the second half of the run looks like the first, warm-up left out. */
function summarise(rows) {
  const settled = rows.slice(Math.ceil(rows.length / 5));
  const half = Math.ceil(settled.length / 2);
  printTable(
    "highest value, MB",
    ["", "first half", "second half"],
    [
      ["RSS", highest(settled.slice(0, half), "rss"), highest(settled.slice(half), "rss")],
      [
        "heap",
        highest(settled.slice(0, half), "heapUsed"),
        highest(settled.slice(half), "heapUsed"),
      ],
      ["disk", highest(settled.slice(0, half), "disk"), highest(settled.slice(half), "disk")],
    ],
  );
}

// npm run bench -- intake: how fast updates get from the server to a handler, ours beside others, in one run.
import { setTimeout as sleep } from "node:timers/promises";
import { median, percentile, printTable } from "./figures.mjs";
import { Contestant, Stage } from "./stage.mjs";

const laneCap = 32;
const people = 100;
/** Steady pace of the first part: the time to the handler is measured on a bot that is not at its limit. */
const paceMs = 10;

const contestants = [
  { name: "ours, durable", file: "ours" },
  { name: "ours, no log", file: "ours-without-log" },
  { name: "grammY + runner, in order", file: "grammy-runner", concurrency: laneCap },
  { name: "ours, durable, 500 at once", file: "ours", concurrency: 500 },
  { name: "grammY + runner, 500, no order", file: "grammy-runner" },
  { name: "telegraf", file: "telegraf" },
  { name: "grammY", file: "grammy" },
  { name: "node-telegram-bot-api", file: "node-telegram-bot-api" },
];

/**
 * People talk in no order: whoever it is next. `inTurn` is a round of all of them again and again, as no chat ever is: two
 * messages of one chat never meet, and keeping their order costs nothing.
 */
const usualWorkloads = [
  { name: "trivial handler", burst: 40_000, sends: false, delayMs: 0 },
  { name: "one send per update, 0 ms", burst: 12_000, sends: true, delayMs: 0 },
  { name: "one send per update, 30 ms", burst: 4_000, sends: true, delayMs: 30 },
  {
    name: "one send per update, 30 ms, all in turn",
    burst: 4_000,
    sends: true,
    delayMs: 30,
    inTurn: true,
  },
];

export async function benchIntake({
  rounds,
  paced,
  burstMs,
  only,
  profile,
  workloads = usualWorkloads,
}) {
  const chosen = contestants.filter(({ name }) => new RegExp(only ?? "").test(name));
  const stage = await Stage.open(people);
  const results = workloads.map(() => chosen.map(() => []));
  const runs = rounds * workloads.length * chosen.length;
  let done = 0;
  console.log(`Writing and syncing 50 KB takes ${stage.syncMs().toFixed(2)} ms here (median).`);
  try {
    for (let round = 0; round < rounds; round += 1) {
      for (const [w, workload] of workloads.entries()) {
        stage.delaySends(workload.delayMs);
        // Another one begins each round: nobody always runs on the warmest or the most tired machine.
        for (let turn = 0; turn < chosen.length; turn += 1) {
          const c = (turn + round) % chosen.length;
          const result = await measure(stage, chosen[c], workload, { paced, burstMs, profile });
          results[w][c].push(result);
          done += 1;
          process.stderr.write(
            `\r[${done}/${runs}] ${workload.name}: ${chosen[c].name}: ${Math.round(result.rate)}/s${" ".repeat(40)}`,
          );
        }
      }
    }
  } finally {
    process.stderr.write("\n");
    await stage.close();
  }
  for (const [w, workload] of workloads.entries()) report(workload, chosen, results[w]);
}

async function measure(stage, contestant, workload, { paced, burstMs, profile }) {
  const bot = await stage.newBot(workload.inTurn);
  const { token, apiRoot, stateDir } = bot;
  const { concurrency } = contestant;
  const task = { token, apiRoot, stateDir, concurrency, paced, ...workload };
  const process = new Contestant(contestant.file, task, profile);
  try {
    while (!bot.polling().parked) await sleep(5);
    const latencies = process.next("paced", 60_000);
    for (let count = 0; count < paced; count += 1) {
      bot.say();
      await sleep(paceMs);
    }
    const { latenciesMs } = await latencies;
    for (let count = 0; count < workload.burst; count += 1) bot.say();
    const finished = await process.next("burst", burstMs);
    if (finished !== undefined) return resultOf(latenciesMs, finished);
    const soFar = process.next("burst", 60_000);
    process.ask("how far?");
    return resultOf(latenciesMs, await soFar);
  } finally {
    await process.end(profile.length > 0 ? "SIGTERM" : "SIGKILL");
  }
}

function resultOf(latenciesMs, { handled, elapsedMs, cpuUs }) {
  return {
    cpuUs: cpuUs / handled,
    rate: (handled * 1000) / elapsedMs,
    p50: percentile(latenciesMs, 0.5),
    p99: percentile(latenciesMs, 0.99),
  };
}

function report(workload, chosen, results) {
  const rows = chosen.map(({ name }, c) => {
    const of = (figure) => median(results[c].map((result) => result[figure]));
    return { name, rate: of("rate"), cpuUs: of("cpuUs"), p50: of("p50"), p99: of("p99") };
  });
  const [ours] = rows;
  printTable(
    workload.name,
    ["", "updates/s", "ours is", "CPU us", "p50 ms", "p99 ms"],
    rows.map((row) => [
      row.name,
      Math.round(row.rate).toLocaleString("en-US"),
      row === ours ? "" : `${(ours.rate / row.rate).toFixed(2)} x`,
      row.cpuUs.toFixed(0),
      row.p50.toFixed(2),
      row.p99.toFixed(2),
    ]),
  );
}

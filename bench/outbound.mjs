// npm run bench -- outbound: what it costs to turn an answer into messages, and to send one, ours beside others.
import { median, printTable } from "./figures.mjs";
import { benchRendering } from "./rendering/rendering.mjs";
import { Contestant, Stage } from "./stage.mjs";

const contestants = [
  { name: "ours, durable", file: "sending/ours" },
  { name: "ours, transport alone", file: "sending/ours-transport" },
  { name: "node-telegram-bot-api", file: "sending/node-telegram-bot-api" },
  { name: "grammY", file: "sending/grammy" },
];
const people = 100;
const atOnce = 30;
/** The first sends are for the machine to get warm: bots run for weeks. */
const warm = 1_000;
/** No round begins after so long. */
const longestMs = 120_000;

const text = "The change reads each file once and keeps a lease. ".repeat(6);
const entities = [4, 55, 106].map((offset) => ({ type: "code", offset, length: 6 }));

export async function benchOutbound({ rounds, sends, only }) {
  benchRendering(rounds);
  const chosen = contestants.filter(({ name }) => only === undefined || name.includes(only));
  const results = chosen.map(() => []);
  const beganMs = performance.now();
  const elapsedMs = () => performance.now() - beganMs;
  let done = 0;
  for (let round = 0; round < rounds && elapsedMs() < longestMs; round += 1) {
    // A server of its own for each round: what it remembers makes it slower.
    const stage = await Stage.open(people);
    try {
      // Another one begins each round: nobody always runs on the warmest or the most tired machine.
      for (let turn = 0; turn < chosen.length; turn += 1) {
        const c = (turn + round) % chosen.length;
        const result = await measure(stage, chosen[c], sends);
        results[c].push(result);
        done += 1;
        process.stderr.write(
          `\r[${done}/${rounds * chosen.length}] ${chosen[c].name}: ${Math.round(result.cpuUs)} us${" ".repeat(40)}`,
        );
      }
    } finally {
      await stage.close();
    }
  }
  process.stderr.write("\n");
  report(chosen, results, sends);
}

async function measure(stage, { file }, sends) {
  const { token, apiRoot, stateDir, chats } = await stage.newBot();
  const task = { token, apiRoot, stateDir, chats, sends, warm, atOnce, text, entities };
  const contestant = new Contestant(file, task);
  try {
    const sent = await contestant.next("sent", 60_000);
    if (sent === undefined) throw new Error(`${file} did not send everything within a minute`);
    return { cpuUs: sent.cpuUs / sends, rate: (sends * 1_000) / sent.elapsedMs };
  } finally {
    await contestant.end();
  }
}

function report(chosen, results, sends) {
  const rows = chosen.map(({ name }, c) => {
    const all = (figure) => results[c].map((result) => result[figure]);
    const cpus = all("cpuUs");
    return {
      name,
      cpuUs: median(cpus),
      least: Math.min(...cpus),
      most: Math.max(...cpus),
      rate: median(all("rate")),
    };
  });
  const [ours] = rows;
  printTable(
    `${sends.toLocaleString("en-US")} sends, ${atOnce} at a time, ${results[0].length} rounds`,
    ["", "CPU us per send", "least-most", "of ours", "sends/s"],
    rows.map((row) => [
      row.name,
      row.cpuUs.toFixed(0),
      `${row.least.toFixed(0)}-${row.most.toFixed(0)}`,
      row === ours ? "" : `${(row.cpuUs / ours.cpuUs).toFixed(2)} x`,
      Math.round(row.rate).toLocaleString("en-US"),
    ]),
  );
}

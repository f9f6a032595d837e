// npm run bench -- intake | outbound | close | agents | soak; without one it says which settings each has.
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { cpus } from "node:os";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

const usage = `Usage: npm run bench -- intake [--rounds 3] [--paced 50] [--burst-ms 1500] [--only REGEXP] [--cpu-prof]
       npm run bench -- outbound [--rounds 3] [--sends 10000] [--only NAME]
       npm run bench -- close [--rounds 3]
       npm run bench -- agents [--rounds 3]
       npm run bench -- soak [--minutes 10] [--rate 200]`;
const at = (path) => fileURLToPath(new URL(path, import.meta.url));

const build = spawnSync(process.execPath, [at("../scripts/build.mjs")], { stdio: "inherit" });
if (build.status !== 0) process.exit(1);

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: {
    rounds: { type: "string", default: "3" },
    paced: { type: "string", default: "50" },
    "burst-ms": { type: "string", default: "1500" },
    only: { type: "string" },
    sends: { type: "string", default: "10000" },
    "cpu-prof": { type: "boolean", default: false },
    minutes: { type: "string", default: "10" },
    rate: { type: "string", default: "200" },
  },
});

console.log(`Node ${process.version}, ${cpus().length} x ${cpus()[0]?.model}`);
const measuresOthers = positionals[0] === "intake" || positionals[0] === "outbound";
if (measuresOthers && !existsSync(at("node_modules/grammy"))) {
  console.error("The other clients are not installed. Once: npm ci --prefix bench");
  process.exit(78);
}
if (positionals[0] === "intake") {
  const { benchIntake } = await import("./intake.mjs");
  await benchIntake({
    rounds: Number(values.rounds),
    paced: Number(values.paced),
    burstMs: Number(values["burst-ms"]),
    only: values.only,
    profile: values["cpu-prof"] ? ["--cpu-prof", "--cpu-prof-dir=var/profiles"] : [],
  });
} else if (positionals[0] === "outbound") {
  const { benchOutbound } = await import("./outbound.mjs");
  await benchOutbound({
    rounds: Number(values.rounds),
    sends: Number(values.sends),
    only: values.only,
  });
} else if (positionals[0] === "close") {
  const { benchClose } = await import("./close.mjs");
  await benchClose({ rounds: Number(values.rounds) * 5 });
} else if (positionals[0] === "agents") {
  const { benchAgents } = await import("./agents.mjs");
  await benchAgents({ rounds: Number(values.rounds) * 5 });
} else if (positionals[0] === "soak") {
  const { soak } = await import("./soak.mjs");
  await soak({ minutes: Number(values.minutes), ratePerSecond: Number(values.rate) });
} else {
  console.error(usage);
  process.exit(64);
}

// What a suspended session costs and gives back: its first answer beside that of a fresh and of a live one, and its memory.
import { median, printTable } from "../figures.mjs";
import { answered, timed } from "./stage.mjs";

/** One round after the other, each with all three, so that a busy moment of the machine is everybody's. */
export async function benchResuming(stage, driver, rounds) {
  const times = { fresh: [], resumed: [], live: [] };
  const heldMb = { before: [], after: [] };
  for (let round = 0; round < rounds; round += 1) {
    const place = stage.place();
    let id;
    const fresh = await timed(() => {
      const agent = driver.start(place);
      agent.subscribe((event) => {
        if (event.kind === "resume_id") id = event.resumeId;
      });
      return agent;
    });
    times.fresh.push(fresh.ms);
    times.live.push(await answered(fresh.agent));
    heldMb.before.push(stage.residentMb());
    await fresh.agent.stop(5_000);
    heldMb.after.push(stage.residentMb());
    const resumed = await timed(() => driver.start({ ...place, resume: { id } }));
    times.resumed.push(resumed.ms);
    await resumed.agent.stop(5_000);
  }
  const fresh = median(times.fresh);
  printTable(
    "A session of the demo agent, first words of an answer (medians, side by side)",
    ["", "ms", "of a fresh start"],
    Object.entries(times).map(([name, each]) => [
      name,
      median(each).toFixed(0),
      `${((100 * median(each)) / fresh).toFixed(0)} %`,
    ]),
  );
  printTable(
    "What a suspension gives back (agent and tools, medians)",
    ["", "MB"],
    Object.entries(heldMb).map(([name, each]) => [name, median(each).toFixed(0)]),
  );
}

/** So many sessions at once: fresh, and all of them resumed. */
export async function benchCrowd(stage, driver, count) {
  const places = Array.from({ length: count }, () => stage.place());
  const ids = new Map();
  const rows = [];
  for (const how of ["fresh", "resumed"]) {
    const begunMs = performance.now();
    const agents = places.map((place) => {
      const id = ids.get(place);
      const agent = driver.start(id === undefined ? place : { ...place, resume: { id } });
      agent.subscribe((event) => {
        if (event.kind === "resume_id") ids.set(place, event.resumeId);
      });
      return agent;
    });
    const times = await Promise.all(
      agents.map(async (agent) => {
        await answered(agent);
        return performance.now() - begunMs;
      }),
    );
    const heldMb = stage.residentMb();
    const stoppingMs = performance.now();
    await Promise.all(agents.map((agent) => agent.stop(5_000)));
    const stopMs = performance.now() - stoppingMs;
    const facts = [Math.min(...times), Math.max(...times), stopMs, heldMb, stage.residentMb()];
    rows.push([how, ...facts.map((fact) => fact.toFixed(0))]);
  }
  printTable(
    `${count} sessions at once`,
    ["", "first answer, ms", "last answer, ms", "suspended after, ms", "held, MB", "then, MB"],
    rows,
  );
}

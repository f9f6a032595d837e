// What every contestant does with an update, and how it is measured. The text of a message is the instant at which the
// server got it, in nanoseconds of the monotonic clock, which all processes of a machine share. First come messages at
// a steady pace, for the time until the handler; then many at once, for the rate.

const nowMs = () => Number(process.hrtime.bigint()) / 1e6;

/** How often the way so far is noted; asking for the CPU time is dear. */
const markEvery = (ended) => (ended < 200 ? 10 : 200);

/** @returns the handler; `send` sends one message to the chat of the update */
function createMeter({ paced, burst, sends }) {
  const latenciesMs = [];
  const marks = [];
  let begun = 0;
  let ended = 0;
  const mark = () => {
    const { user, system } = process.cpuUsage();
    marks.push({ ended, atMs: nowMs(), cpuUs: user + system });
  };
  const tell = () => {
    process.send({ type: "burst", ...secondHalf(marks) });
  };
  process.on("message", (message) => {
    if (message === "how far?") tell();
  });
  return async (text, send) => {
    begun += 1;
    if (begun <= paced) latenciesMs.push(nowMs() - Number(text) / 1e6);
    if (sends) await send();
    ended += 1;
    if (ended === paced) process.send({ type: "paced", latenciesMs });
    if (ended >= paced && (ended - paced) % markEvery(ended) === 0) mark();
    if (ended === paced + burst) tell();
  };
}

/** The first half is for the machine to get warm: bots run for weeks. */
function secondHalf(marks) {
  const last = marks.at(-1);
  const middle = marks.find(({ ended }) => ended >= (marks[0].ended + last.ended) / 2);
  return {
    handled: last.ended - middle.ended,
    elapsedMs: last.atMs - middle.atMs,
    cpuUs: last.cpuUs - middle.cpuUs,
  };
}

/** What the driver handed over, as every contestant needs it. */
export function readTask() {
  const task = JSON.parse(process.argv[2] ?? "{}");
  return { ...task, handle: createMeter(task) };
}

// What every contestant does with an update, and how it is measured. The text of a message is the instant at which the
// server got it, in nanoseconds of the monotonic clock, which all processes of a machine share. First come messages at
// a steady pace, for the time until the handler; then many at once, for the rate.

const nowMs = () => Number(process.hrtime.bigint()) / 1e6;

/** @returns the handler; `send` sends one message to the chat of the update */
function createMeter({ paced, burst, sends }) {
  const latenciesMs = [];
  let begun = 0;
  let ended = 0;
  let burstBeganMs = 0;
  let lastEndMs = 0;
  let cpuBefore = process.cpuUsage();
  const tell = () => {
    const { user, system } = process.cpuUsage(cpuBefore);
    const elapsedMs = lastEndMs - burstBeganMs;
    process.send({ type: "burst", handled: ended - paced, elapsedMs, cpuUs: user + system });
  };
  process.on("message", (message) => {
    if (message === "how far?") tell();
  });
  return async (text, send) => {
    begun += 1;
    if (begun <= paced) latenciesMs.push(nowMs() - Number(text) / 1e6);
    else if (begun === paced + 1) {
      burstBeganMs = nowMs();
      cpuBefore = process.cpuUsage();
    }
    if (sends) await send();
    ended += 1;
    if (ended === paced) process.send({ type: "paced", latenciesMs });
    if (ended > paced) lastEndMs = nowMs();
    if (ended === paced + burst) tell();
  };
}

/** What the driver handed over, as every contestant needs it. */
export function readTask() {
  const task = JSON.parse(process.argv[2] ?? "{}");
  return { ...task, handle: createMeter(task) };
}

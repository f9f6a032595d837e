// What every contestant does: so many at once, each to the next chat, first some to get warm, then those that are measured.
const task = JSON.parse(process.argv[2] ?? "{}");

export const { token, apiRoot, stateDir } = task;

/** @param send sends one message to its end; its second argument is the number of the message */
export async function sendAll(send) {
  await run(0, task.warm, send);
  const { user, system } = process.cpuUsage();
  const beganMs = performance.now();
  await run(task.warm, task.warm + task.sends, send);
  const used = process.cpuUsage();
  process.send({
    type: "sent",
    cpuUs: used.user + used.system - user - system,
    elapsedMs: performance.now() - beganMs,
  });
}

async function run(from, to, send) {
  let next = from;
  const worker = async () => {
    while (next < to) {
      const number = next;
      next += 1;
      const chatId = task.chats[number % task.chats.length];
      await send({ chat_id: chatId, text: task.text, entities: task.entities }, number);
    }
  };
  await Promise.all(Array.from({ length: task.atOnce }, worker));
}

import { Stage } from "./stage.ts";

/** A session that has had one turn and rests. */
export async function rested(options: Parameters<typeof Stage.open>[0] = {}) {
  const stage = await Stage.open(options);
  const session = await stage.create();
  await stage.say("one");
  const agent = stage.agents.last;
  agent.ready("r1");
  agent.endTurn();
  await stage.settle();
  return { stage, session, agent };
}

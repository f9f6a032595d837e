import { describe, expect, it } from "vitest";
import { stopDraft } from "../../../../bots/main/commands/stop.ts";
import type { Context } from "../../../../shared/telegram/bot-api.ts";
import { home } from "../sessions/stage/stage.ts";
import { Spoken } from "./spoken.ts";

const draft = 77;

/** One turn runs and grows in a draft, another one waits. */
async function growing() {
  const spoken = await Spoken.open();
  await spoken.say("/new work");
  await spoken.stage.say("one");
  await spoken.stage.say("two");
  const behalf = { turn: 1, updates: [] };
  const face = { place: home, key: "s/1", behalf, session: "work", selfStarted: false };
  const answer = spoken.desk.chat.grow(face, () => undefined);
  spoken.growing.at(-1)?.onDraft?.(draft);
  return { spoken, answer, agent: spoken.stage.agents.last };
}

function pressed(spoken: Spoken, id: number): Context {
  const press = { chat: { id: home.chatId, type: "private" }, draft_id: id };
  const update = { update_id: spoken.stage.nextOrder(), stopped_message_generation: press };
  return { update } as unknown as Context;
}

describe("the native button of a draft", () => {
  it("stops the turn that grows in it, and what waits behind it", async () => {
    const { spoken, agent } = await growing();
    await stopDraft(spoken.desk, pressed(spoken, draft));
    expect(agent.interrupted).toBe(1);
    expect(spoken.replies.at(-1)?.markdown).toContain("1 queued message cancelled.");
  });

  it("leaves the next turn alone when its own is over, and says so", async () => {
    const { spoken, agent, answer } = await growing();
    agent.endTurn();
    await spoken.stage.settle();
    answer.discard();
    await stopDraft(spoken.desk, pressed(spoken, draft));
    expect(agent.interrupted).toBe(0);
    expect(spoken.replies.at(-1)?.markdown).toBe(
      "That turn is over. /stop ends what runs here now.",
    );
  });
});

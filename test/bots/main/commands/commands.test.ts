import { describe, expect, it } from "vitest";
import { agoWords } from "../../../../bots/main/commands/ago.ts";
import { helpText, sessionCommands } from "../../../../bots/main/commands/table.ts";
import { minuteMs } from "../sessions/stage/stage.ts";
import { Spoken } from "./spoken.ts";

const noSession = "No active session. Use /new <name> to start one.";

describe("/timeout", () => {
  it.each([
    ["/timeout", "Idle timeout: 10 minutes\n\nUsage: /timeout <minutes> (1-120)"],
    ["/timeout 0", "Timeout must be between 1 and 120 minutes"],
    ["/timeout 121", "Timeout must be between 1 and 120 minutes"],
    ["/timeout -5", "Timeout must be between 1 and 120 minutes"],
    ["/timeout 12345678901234567890", "Timeout must be between 1 and 120 minutes"],
    ["/timeout -12345678901", "Timeout must be between 1 and 120 minutes"],
    ["/timeout soon", "Invalid number. Usage: /timeout <minutes>"],
    ["/timeout 2.5", "Invalid number. Usage: /timeout <minutes>"],
    ["/timeout 25", "Idle timeout set to 25 minutes for session 'work'."],
  ])("%s", async (text, answer) => {
    const spoken = await Spoken.open();
    await spoken.say("/new work");
    expect((await spoken.say(text)).markdown).toBe(answer);
  });

  it.each([
    [30_000, "30 seconds"],
    [1_500, "1.5 seconds"],
    [90_000, "90 seconds"],
    [120_000, "2 minutes"],
  ])("shows a configured time of %i ms as %s", async (ms, words) => {
    const spoken = await Spoken.open();
    await spoken.say("/new work");
    spoken.desk.sessions.find(7, "work")?.setIdleTimeout(ms);
    expect((await spoken.say("/timeout")).markdown).toContain(`Idle timeout: ${words}\n`);
  });

  it("is stored, re-arms the timer, and needs a session", async () => {
    const spoken = await Spoken.open();
    expect((await spoken.say("/timeout 5")).markdown).toBe(noSession);
    await spoken.say("/new work");
    const { stage } = spoken;
    await stage.say("hello");
    stage.agents.last.endTurn();
    await stage.settle();
    await spoken.say("/timeout 5");
    await stage.settle();
    expect([...stage.files.records.values()][0]?.idleTimeoutMs).toBe(5 * minuteMs);
    await stage.pass(5 * minuteMs);
    expect(stage.agents.alive).toEqual([]);
  });
});

describe("/new", () => {
  it.each([
    ["/new", "Usage: /new <name> [persona] [--agent <agent>]"],
    ["/new a b c", "Usage: /new <name> [persona] [--agent <agent>]"],
    ["/new a --agent", "Usage: /new <name> [persona] [--agent <agent>]"],
    ["/new work", "Session 'work' created (agent demo, persona default). Send a message to begin."],
    [
      "/new work reviewer",
      "Session 'work' created (agent demo, persona reviewer). Send a message to begin.",
    ],
    [
      "/new work --agent claude",
      "Session 'work' created (agent claude, persona default). Send a message to begin.\n\n⚠️ Install claude.",
    ],
    ["/new work nobody", "There is no persona 'nobody'. Known: default, reviewer."],
    ["/new work --agent x", "There is no agent 'x'. Known: demo, claude."],
    ["/new ../etc", expect.stringContaining("A session's name has 1 to 32 letters")],
    ["/new .hidden", expect.stringContaining("A session's name has 1 to 32 letters")],
    [`/new ${"x".repeat(33)}`, expect.stringContaining("A session's name has 1 to 32 letters")],
  ])("%s", async (text, answer) => {
    const spoken = await Spoken.open();
    expect((await spoken.say(text)).markdown).toEqual(answer);
  });

  it("refuses a name that the chat has already, in whatever case", async () => {
    const spoken = await Spoken.open();
    await spoken.say("/new Work");
    expect((await spoken.say("/new work")).markdown).toMatch(/^There is a session 'work'/);
    expect((await spoken.say("/new work", { chatId: 8 })).markdown).toMatch(/created/);
  });
});

describe("/sessions and /session", () => {
  it("list the sessions, the one used last first, with what is really so", async () => {
    const spoken = await Spoken.open();
    expect((await spoken.say("/sessions")).markdown).toBe(
      "No sessions. Use /new <name> to create one.",
    );
    await spoken.say("/new old");
    await spoken.stage.pass(2 * 24 * 60 * minuteMs);
    await spoken.say("/new work reviewer");
    await spoken.stage.say("hello");
    await spoken.stage.pass(2 * minuteMs);
    expect(await spoken.say("/sessions")).toEqual({
      markdown: "→ 🟢 `work` [reviewer] 2m ago\n⚪ `old` [default] 2d ago",
      buttons: ["old"],
    });
  });

  it("switch what hears the conversation; the other's timer runs on", async () => {
    const spoken = await Spoken.open();
    await spoken.say("/new one");
    await spoken.say("/new two");
    expect((await spoken.say("/session one")).markdown).toBe("Switched to session 'one'.");
    await spoken.stage.say("hello");
    expect(spoken.stage.agents.last.where.sessionId).toBe(spoken.desk.sessions.find(7, "one")?.id);
    expect((await spoken.say("/session nobody")).markdown).toMatch(/^No session 'nobody'/);
    const elsewhere = await spoken.say("/session one", { chatId: 7, topicId: 3 });
    expect(elsewhere.markdown).toMatch(/belongs to another topic/);
  });

  it("say in General which topic a session belongs to, with a way there", async () => {
    const spoken = await Spoken.open();
    await spoken.say("/new here", { chatId: -100_123 });
    await spoken.say("/new there", { chatId: -100_123, topicId: 9 });
    expect(await spoken.say("/sessions", { chatId: -100_123 })).toEqual({
      markdown:
        "→ ⚪ `here` [default] just now\n→ ⚪ `there` [default] just now, [topic 9](https://t.me/c/123/9)",
      buttons: [],
    });
    expect((await spoken.say("/sessions", { chatId: -100_123, topicId: 9 })).markdown).toBe(
      "→ ⚪ `there` [default] just now",
    );
    await spoken.say("/new private", { chatId: 7, topicId: 3 });
    expect((await spoken.say("/sessions")).markdown).toBe(
      "→ ⚪ `private` [default] just now, topic 3",
    );
  });

  it("give a session whose topic is gone to the place where it is asked for", async () => {
    const spoken = await Spoken.open();
    const topic = { chatId: -100_123, topicId: 9 };
    const general = { chatId: -100_123 };
    await spoken.say("/new lost", topic);
    expect((await spoken.say("/session lost", general)).markdown).toMatch(/another topic/);
    spoken.desk.sessions.topicGone(topic);
    expect(await spoken.say("/sessions", general)).toEqual({
      markdown: "→ ⚪ `lost` [default] just now, topic 9 (closed or gone)",
      buttons: ["lost"],
    });
    expect((await spoken.say("/session lost", general)).markdown).toBe(
      "Session 'lost' goes on here.",
    );
    expect((await spoken.say("/sessions", general)).markdown).toBe(
      "→ ⚪ `lost` [default] just now",
    );
    await spoken.say("/archive", general);
    expect((await spoken.say("/sessions", general)).markdown).toMatch(/^No sessions/);
  });

  it.each([
    [59_999, "just now"],
    [2 * minuteMs, "2m ago"],
    [60 * minuteMs, "1h ago"],
    [3 * 24 * 60 * minuteMs + 1, "3d ago"],
  ])("say %i ms as %s", (ms, words) => {
    expect(agoWords(ms)).toBe(words);
  });

  it("warn above ten live ones", async () => {
    const spoken = await Spoken.open();
    for (let n = 1; n <= 11; n += 1) {
      expect((await spoken.say("/sessions")).markdown).not.toContain("⚠️");
      await spoken.say(`/new s${n}`);
      await spoken.stage.say("hello");
    }
    expect((await spoken.say("/sessions")).markdown).toContain("⚠️ 11 sessions are live.");
  });
});

describe("/stop", () => {
  it("is recorded as handled before it acts, and says what it did", async () => {
    const spoken = await Spoken.open();
    await spoken.say("/new work");
    await spoken.stage.say("one");
    await spoken.stage.say("two");
    spoken.order.length = 0;
    const receipt = await spoken.say("/stop");
    expect(spoken.order).toEqual(["handled", "replied"]);
    expect(receipt).toEqual({
      markdown:
        "⏹ `work` interrupted in 0.0 s; its tool processes are gone, verified.\n1 queued message cancelled.",
      buttons: ["↩️ Restore"],
    });
    expect((await spoken.say("/stop")).markdown).toBe("Nothing is running.");
  });

  it("in a topic stops that topic; /stop_all and a stop outside of topics stop the chat, topic by topic", async () => {
    const spoken = await Spoken.open();
    const topics = [1, 2, 3].map((topicId) => ({ chatId: 7, topicId }));
    for (const place of topics) {
      await spoken.say(`/new t${place.topicId}`, place);
      await spoken.stage.say("go", place);
    }
    expect((await spoken.say("/stop", topics[0])).markdown).toMatch(/^⏹ `t1` interrupted/);
    expect((await spoken.say("/stop_all", topics[1])).markdown).toMatch(
      /⏹ Topic \d: `t[23]` interrupted/,
    );
    expect((await spoken.say("/stop")).markdown).toBe("Nothing is running.");
  });
});

describe("the other commands", () => {
  it("/model, /cost, /queue, /agent and /archive", async () => {
    const spoken = await Spoken.open();
    for (const text of ["/model", "/queue", "/archive"]) {
      expect((await spoken.say(text)).markdown).toBe(noSession);
    }
    await spoken.say("/new work");
    expect((await spoken.say("/model")).markdown).toContain("the agent's own");
    expect((await spoken.say("/model --x")).markdown).toMatch(/^Invalid name/);
    expect((await spoken.say("/model opus")).markdown).toContain(
      "set to opus. It counts from the next message on.",
    );
    await spoken.stage.say("one");
    await spoken.stage.say("two");
    expect(await spoken.say("/queue")).toEqual({ markdown: "1. `two`", buttons: ["✖️ Cancel 1"] });
    expect((await spoken.say("/model default")).markdown).toContain(
      "from the turn after this one on",
    );
    expect((await spoken.say("/cost")).markdown).toBe(
      "`work`: $0.0000 in 0 turns\nTogether: $0.0000",
    );
    expect((await spoken.say("/agent")).markdown).toContain(
      "`claude` (claude, opus) ⚠️ Install claude.",
    );
    expect((await spoken.say("/archive")).markdown).toBe(
      "Session 'work' archived. 1 queued message was cancelled.",
    );
    expect((await spoken.say("/queue")).markdown).toBe(noSession);
  });

  it("stand in the help with their usage, under their section", async () => {
    const text = helpText();
    expect(text).toContain("\n\nClaude Sessions\n");
    expect(text).toContain("/sessions - List all sessions with status");
    expect(text).toContain("/timeout <minutes> - Set idle timeout (1-120)");
    for (const { command } of sessionCommands) expect(text).toContain(`/${command}`);
  });
});

import { describe, expect, it } from "vitest";
import { pageModule } from "./page-module.ts";

interface Call {
  readonly method: string;
  readonly params: Record<string, unknown>;
  readonly error?: string;
}

const { toCall, commandsSetBy } = await pageModule<{
  toCall: (row: unknown) => Call;
  commandsSetBy: (call: Call) => unknown;
}>("model/calls.js");

const row = (more: object) => ({
  seq: 1,
  at: "2026-03-14T12:00:00.000Z",
  bot: 1,
  method: "sendMessage",
  parameters: {},
  status: 200,
  durationMs: 4,
  ...more,
});

describe("a call in the record", () => {
  it("shows the JSON in its parameters, but leaves what was said as it is", () => {
    const parameters = {
      chat_id: "7",
      text: '{"a":1}',
      reply_markup: '{"keyboard":[]}',
      odd: "[x",
    };
    expect(toCall(row({ parameters })).params).toEqual({
      chat_id: "7",
      text: '{"a":1}',
      reply_markup: { keyboard: [] },
      odd: "[x",
    });
  });

  it.each([
    ["nothing for a success", {}, undefined],
    ["Telegram's words", { status: 400, error: "Bad Request: x" }, "Bad Request: x"],
    ["a missing answer", { status: 0 }, "No answer was sent"],
    ["a bot that hung up", { status: 0, callerGone: true }, "The bot hung up before the answer"],
    ["a bare status", { status: 502 }, "HTTP 502"],
    [
      "a fault that was asked for",
      { status: 502, fault: "html" },
      "HTTP 502 (fault on demand: html)",
    ],
  ])("tells %s", (_name, more, error) => {
    expect(toCall(row(more)).error).toBe(error);
  });
});

const set = (parameters: object, more = {}) =>
  commandsSetBy(toCall(row({ method: "setMyCommands", parameters, ...more })));

describe("the commands of a bot", () => {
  const commands = '[{"command":"buy","description":"Buy"}]';
  it("are those set for everybody", () => {
    expect(set({ commands })).toEqual([{ command: "buy", description: "Buy" }]);
    expect(set({ commands, scope: '{"type":"default"}' })).toHaveLength(1);
    expect(set({}, { method: "deleteMyCommands" })).toEqual([]);
  });

  it.each([
    ["for some chats only", { commands, scope: '{"type":"all_group_chats"}' }, {}],
    ["for one language", { commands, language_code: "de" }, {}],
    ["in a call that failed", { commands }, { status: 400, error: "Bad Request" }],
    ["by another method", { commands }, { method: "sendMessage" }],
  ])("are not those set %s", (_name, parameters, more) => {
    expect(set(parameters, more)).toBeUndefined();
  });
});

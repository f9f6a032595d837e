import { connect } from "node:net";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openStage, type Stage } from "./stage.ts";

let stage: Stage;

beforeEach(async () => {
  stage = await openStage();
});

afterEach(async () => {
  await stage.close();
});

/** Sends text and leaves: with a FIN, or with a reset. */
function sendAndLeave(text: string, how: "end" | "reset"): Promise<void> {
  return new Promise((resolve) => {
    const socket = connect(stage.sandbox.port, "127.0.0.1", () => {
      socket.write(text, () => {
        if (how === "end") socket.destroy();
        else socket.resetAndDestroy();
      });
    });
    socket.on("error", () => {});
    socket.on("close", () => resolve());
  });
}

const head = (): string =>
  `host: 127.0.0.1:${stage.sandbox.port}\r\nauthorization: Bearer ${stage.sandbox.key}\r\n`;
const post = (path: string, body: string, length = body.length): string =>
  `POST ${path} HTTP/1.1\r\n${head()}content-type: application/json\r\ncontent-length: ${length}\r\n\r\n${body}`;

describe.each(["end", "reset"] as const)("a caller who leaves (%s)", (how) => {
  it.each<[string, () => string]>([
    ["in the middle of the headers", () => "POST /sandbox/bots HTTP/1.1\r\nhos"],
    ["in the middle of a Bot API body", () => post(`/bot${stage.bot.token}/sendMessage`, "{", 500)],
    ["in the middle of a body of the user's side", () => post("/sandbox/bots", "{", 500)],
    ["before the answer of the Bot API", () => post(`/bot${stage.bot.token}/getMe`, "{}")],
    ["before the answer of the user's side", () => post("/sandbox/bots", `{"name":"other"}`)],
    ["a stream of events", () => `GET /sandbox/events HTTP/1.1\r\n${head()}\r\n`],
    ["with nonsense", () => "\u0000\u0001 HTTP\r\n\r\n"],
  ])("%s does no harm", async (_, text) => {
    for (let round = 0; round < 10; round += 1) await sendAndLeave(text(), how);
    stage.say("hello");
    expect((await stage.call("getUpdates")).result).toHaveLength(1);
    expect(stage.log.of("error")).toEqual([]);
  });
});

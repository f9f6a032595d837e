import { connect } from "node:net";
import { afterAll, beforeAll, expect, it } from "vitest";
import { askPicture, giveOrder } from "../../../supervisor/control/client.ts";
import { controlSocketPath } from "../../../supervisor/control/contract/places.ts";
import { seededRandom } from "../../support/seeded-random.ts";
import { Stage } from "./stage.ts";

const stage = new Stage();
const count = 10_000;
const atOnce = 100;

beforeAll(() => stage.open());
afterAll(() => stage.close());

const random = seededRandom(20_261_120);
const pick = <T>(some: readonly T[]): T => some[Math.floor(random() * some.length)] as T;
const bytes = (length: number): string =>
  Buffer.from(Array.from({ length }, () => Math.floor(random() * 256))).toString("latin1");

const paths = [
  "/api/start",
  "/api/dead_letter",
  "/api/__proto__",
  "/api/constructor",
  "/api/fleet",
  "/api/",
  "//",
  "/api/live/../fleet",
  "/%00",
  `/?token=${"x".repeat(3000)}`,
  "*",
];
const bodies = [
  "",
  "{",
  "null",
  "[]",
  "1e999",
  '"main"',
  '{"bot":1}',
  '{"bot":null}',
  '{"bot":"main","extra":1}',
  '{"__proto__":{"bot":"main"}}',
  '{"bot":"main","order":"burn","seq":1}',
  '{"bot":"main","order":"drop","seq":1.5}',
  "[".repeat(30_000),
  `{"bot":"${"x".repeat(70_000)}"}`,
  "\u0000\u0000",
];

function malformed(): string {
  const method = pick(["POST", "GET", "PUT", "DELETE", "OPTIONS", "TRACE", "post", ""]);
  const host = pick([`127.0.0.1:${stage.port}`, "evil", "", "127.0.0.1"]);
  const cookie = `tg_supervisor_${bytes(4).replace(/[^\w]/g, "_")}=${"a.b.c".repeat(Math.floor(random() * 9))}`;
  const body = pick([...bodies, bytes(200)]);
  const length = pick([body.length, 0, -1, body.length + 5, "x", 9e15]);
  const head = `${method} ${pick(paths)} HTTP/1.1\r\nhost: ${host}\r\ncontent-type: application/json\r\ncookie: ${cookie}\r\nauthorization: Bearer ${pick(["", "x", bytes(9)])}\r\n`;
  return pick([
    () => `${head}content-length: ${length}\r\n\r\n${body}`,
    () => `${head}transfer-encoding: chunked\r\n\r\nZZ\r\n${body}\r\n`,
    () => `${head}x: ${"y".repeat(20_000)}\r\n\r\n`,
    () => bytes(300),
    () => `${head}\r\n${head}`,
    () => head,
  ])();
}

/** Says something wrong and hangs up; resolves with what came back. */
function shout(target: { path: string } | { port: number; host: string }): Promise<string> {
  return new Promise((resolve) => {
    let heard = "";
    const socket = connect(target as { path: string });
    socket.setTimeout(200, () => socket.destroy());
    socket.on("data", (chunk) => {
      heard += chunk.toString("latin1");
    });
    socket.on("error", () => undefined);
    socket.on("close", () => {
      resolve(heard);
    });
    socket.end(Buffer.from(malformed(), "latin1"));
  });
}

it(`stands ${count} malformed requests at both doors, obeys none, and works on`, {
  timeout: 90_000,
}, async () => {
  const doors = [
    { path: controlSocketPath(stage.stateDir) },
    { port: stage.port, host: "127.0.0.1" },
  ];
  const statuses = new Map<string, number>();
  for (let done = 0; done < count; done += atOnce) {
    const heard = await Promise.all(
      Array.from({ length: atOnce }, (_, index) => shout(doors[index % 2] ?? { path: "" })),
    );
    for (const text of heard) {
      const status = /^HTTP\/1\.1 (\d+)/.exec(text)?.[1] ?? "hung up";
      statuses.set(status, (statuses.get(status) ?? 0) + 1);
      expect(text).not.toContain(stage.token);
    }
  }
  console.log(`${count} malformed requests: ${JSON.stringify(Object.fromEntries(statuses))}`);
  expect(stage.host.asked).toEqual([]);
  expect(stage.log.of("error")).toEqual([]);
  expect(statuses.has("500")).toBe(false);
  await giveOrder(stage.stateDir, "start", { bot: "main" });
  expect((await askPicture(stage.stateDir)).state).toBe("running");
});

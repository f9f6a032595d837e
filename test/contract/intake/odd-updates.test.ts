import { expect, it } from "vitest";
import { eventually } from "../../support/program.ts";
import { RecordingBots } from "../../support/recording-bots.ts";
import { type Served, startFakeTelegram } from "./fake-telegram.ts";

const count = 10_000;

/** JSON of updates that no documentation promises, by the id they are to have. */
const oddUpdates: readonly ((id: number) => string)[] = [
  (id) => `{"update_id":${id}}`,
  (id) => `{"update_id":${id},"message":null}`,
  (id) => `{"update_id":${id},"message":5}`,
  (id) => `{"update_id":${id},"message":[]}`,
  (id) => `{"update_id":${id},"message":{}}`,
  (id) => `{"update_id":${id},"message":{"text":7,"chat":"here","from":[]}}`,
  (id) => `{"update_id":${id},"message":{"text":"/ask","chat":{"id":"5"},"from":{"id":null}}}`,
  (id) => `{"update_id":${id},"message":{"text":"\\u0000\\ud800","chat":{"id":1e300}}}`,
  (id) => `{"update_id":${id},"hologram":{"from":{"id":1},"chat":{"id":1}}}`,
  (id) => `{"update_id":${id},"callback_query":{"data":"@zzzz:x","message":{"chat":null}}}`,
  (id) => `{"update_id":${id},"callback_query":{"id":1,"data":{"a":1}}}`,
  (id) => `{"update_id":${id},"message":{"text":"x"},"message":{"text":"y"},"__proto__":{"a":1}}`,
  (id) => `{"update_id":${id},"edited_message":{"entities":[{"type":1}],"text":null}}`,
  (id) => `{"update_id":${id},"message":{"text":"${"long ".repeat(2_000)}","chat":{"id":3}}}`,
];

/** Elements of the list that are no updates: they have no id by which they could be kept or confirmed. */
const noUpdates = ["null", "7", '"update"', "{}", "[]", '{"update_id":"12"}', '{"update_id":1.5}'];

const isOrdinary = (id: number): boolean => id % 10 === 0;

function served(id: number): Served {
  const oddOnes = [...oddUpdates.map((make) => make(id)), ...noUpdates];
  const message = `{"message_id":${id},"date":1,"chat":{"id":${id % 7},"type":"private"},"text":"ordinary ${id}"}`;
  const json = isOrdinary(id)
    ? `{"update_id":${id},"message":${message}}`
    : oddOnes[id % oddOnes.length];
  return { id, json: json ?? "" };
}

it(`${count} malformed and unknown updates: no crash, every one with an id is kept and handled, the rest is told`, async () => {
  const all = Array.from({ length: count }, (_, index) => served(index + 1));
  const withId = all.filter(({ json }) => /^\{"update_id":\d+[,}]/.test(json)).map(({ id }) => id);
  const telegram = await startFakeTelegram(all);
  const bots = new RecordingBots({ apiRoot: telegram.url, bot: { id: 77, token: "77:AAAA" } });
  try {
    const bot = bots.start();
    await eventually(
      () => bots.handlings("end").length >= withId.length || undefined,
      () => `${bots.handlings("end").length} of ${withId.length}; ${bot.output.slice(-3_000)}`,
      45_000,
    );
    const handled = bots.handlings("end").map(({ update }) => update);
    expect(handled.toSorted((a, b) => a - b)).toEqual(withId);
    expect([...bots.logged().keys()].toSorted((a, b) => a - b)).toEqual(withId);
    expect(bots.handlings("begin")).toHaveLength(withId.length);
    expect(telegram.pending).toBeLessThanOrEqual(1);
    expect(bot.output).toMatch(
      /Telegram sent \d+ elements that are no updates; they were left out/,
    );
    expect(bot.output).not.toMatch(/at .*\(file:/);
    expect(bot.running).toBe(true);
    bot.kill("SIGTERM");
    expect(await bot.end()).toBe(0);
  } finally {
    await bots.remove();
    await telegram.close();
  }
}, 90_000);

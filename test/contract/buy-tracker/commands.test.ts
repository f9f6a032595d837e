import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, expect, it } from "vitest";
import { z } from "zod";
import { simulatedPools } from "../../../shared/chain/simulated/assets.ts";
import { FleetHome } from "../../support/fleet-home.ts";
import { SandboxClient } from "../../support/sandbox-client.ts";

const hasId = z.looseObject({ id: z.int() });
const buttonOf = (pool: { readonly pool: string } | undefined): string =>
  `watch ${pool?.pool ?? ""}`;
let home: FleetHome | undefined;
afterEach(async () => {
  await home?.remove();
});

it("shows a newcomer a simulated buy within 30 s of the supervisor's start, and listens to its commands", async () => {
  const startedAt = performance.now();
  home = new FleetHome();
  const supervisor = home.supervisor();
  const client = await SandboxClient.of(supervisor);
  const chat = await client.privateChat("buy_tracker");
  const buy = await client.answer(chat, 0, /Buy|buys/, 30_000);
  expect(performance.now() - startedAt).toBeLessThan(30_000);
  expect(buy.text).toContain("SIM");
  expect(buy.text).toContain("Simulated market: nothing of it is real.");

  const ask = async (text: string, pattern: RegExp) =>
    client.answer(chat, await client.say(chat, text), pattern);
  await ask("/watch", /SIM\/sUSD: buys from 700 sUSD[^]*Known pools[^]*sETH\/sUSD/);
  await ask("/recent 3", /The newest buys, times in UTC:\n\n• \d\d-\d\d \d\d:\d\d SIM\/sUSD: /);
  await ask("/threshold 1200.5", /SIM\/sUSD: buys from 1200\.5 sUSD/);
  await ask("/watch sETH 5000", /Buys of sETH in sETH\/sUSD are told here, from 5000 sUSD/);
  await ask("/watch nonsense", /\n\nUsage: \/watch POOL/);
  await ask(`/watch 0x${"9".repeat(40)}`, /is no Uniswap-v2 pair on simulated market/);
  await ask("/threshold 10 sETH/sUSD", /from 1200\.5 sUSD[^]*sETH\/sUSD: buys from 10 sUSD/);
  await ask("/status", /Chain: simulated market, followed/);
  await ask("/unwatch sETH", /One pool is not watched here any more/);
  const { message_id } = await ask("/watch", /Watched here[^]*Known pools/);
  const press = { from: (await client.state()).me, message_id, data: buttonOf(simulatedPools[1]) };
  await client.request(`/sandbox/chats/${chat}/press`, press);
  await client.answer(chat, message_id - 1, /sETH\/sUSD: buys from 100 sUSD$/);
  await ask("/unwatch sETH", /One pool is not watched here any more/);
  await ask("/unwatch", /One pool is not watched here any more/);
  await ask("/watch", /No pool is watched here/);

  // What was said holds over a restart, also against what the configuration says.
  supervisor.kill("SIGTERM");
  await supervisor.end();
  const again = home.supervisor();
  const next = await SandboxClient.of(again);
  await next.answer(
    chat,
    await next.say(chat, `/watch ${simulatedPools[0]?.pool ?? ""} 1`),
    /are told here, from 1 sUSD/,
  );
  await next.answer(chat, await next.say(chat, "/watch"), /SIM\/sUSD: buys from 1 sUSD/);
});

it("leaves what is told in a group to its administrators and the allowlist", async () => {
  home = new FleetHome();
  const first = home.supervisor();
  await home.allReady(first);
  const made = await SandboxClient.of(first);
  const { me } = await made.state();
  const { id: bot } = await made.makeBot("buy_tracker");
  const stranger = hasId.parse(await made.request("/sandbox/users", { first_name: "Sam" })).id;
  const order = { type: "group", title: "Ours", members: [me, stranger], bots: [bot] };
  const group = hasId.parse(await made.request("/sandbox/chats", order)).id;
  first.kill("SIGTERM");
  await first.end();
  // Now everybody in the group may talk to the bots there.
  const listed = `allowed_chats: [${group}]\nsandbox:\n  port: 0\n`;
  writeFileSync(join(home.dir, "fleet.yaml"), listed);
  const client = await SandboxClient.of(home.supervisor());
  const say = (from: number): Promise<unknown> =>
    client.request(`/sandbox/chats/${group}/messages`, { from, text: "/watch SIM 300" });
  await say(stranger);
  await client.answer(group, 0, /Only administrators of this chat/);
  await say(me);
  await client.answer(group, 0, /are told here, from 300 sUSD/);
  const told = await client.answer(group, 0, /Buy: |buys?: /, 70_000);
  expect(told.text).toContain("SIM/sUSD on simulated market");
}, 120_000);

import { afterAll, expect, it } from "vitest";
import { z } from "zod";
import { FleetHome } from "../../support/fleet-home.ts";
import { SandboxClient } from "../../support/sandbox-client.ts";

const button = z.object({ text: z.string(), callback_data: z.string() });
const keyboard = z.object({ inline_keyboard: z.array(z.array(button)) });
const telegram = new FleetHome();
let home: FleetHome | undefined;
afterAll(async () => {
  await home?.remove();
  await telegram.remove();
});

it("works on main's token: it hears its commands and buttons through main's log, and tells through main's bot", async () => {
  const client = await SandboxClient.of(telegram.start("supervisor/main", ["sandbox"]));
  const main = await client.makeBot("main");
  const { me } = await client.state();
  home = new FleetHome({
    env: {
      TELEGRAM_API_ROOT: client.url,
      TELEGRAM_BOT_TOKEN: main.token,
      TG_ALLOWED_USERS: String(me),
    },
  });
  const status = await home.allReady(home.supervisor());
  expect(status.bots.find(({ name }) => name === "buy_tracker")?.polling.state).toBe("reading");
  const chat = await client.privateChat("main");
  const ask = async (text: string, pattern: RegExp) =>
    client.answer(chat, await client.say(chat, text), pattern);
  // On Telegram nobody is told anything unasked.
  const { message_id } = await ask("/watch", /No pool is watched here[^]*SIM\/sUSD/);
  const shown = (await client.messages(chat)).find((each) => each.message_id === message_id);
  const { inline_keyboard } = keyboard.parse(shown?.["reply_markup"]);
  const pressed = inline_keyboard.flat().find(({ text }) => text === "Watch SIM/sUSD");
  await client.request(`/sandbox/chats/${chat}/press`, {
    from: me,
    message_id,
    data: pressed?.callback_data,
  });
  await client.answer(
    chat,
    message_id - 1,
    /\n\nWatched here:\n\n• SIM\/sUSD: buys from 100 sUSD$/,
  );
  const buy = await client.answer(chat, message_id, /Buy: |buys?: /, 30_000);
  expect(buy.from?.id).toBe(main.id);
  expect(buy.text).toContain("Simulated market");
  await ask(
    "/tracker",
    /Chain: simulated market, followed[^]*Watching: 1 pool for 1 chat or topic/,
  );
});

import { expect, it } from "vitest";
import { shareToken } from "../../../shared/bot-runtime/receiving/token-share.ts";
import type { Update } from "../../../shared/telegram/bot-api.ts";

const [main, treasury] = ["main", "treasury"].map((name) => ({
  name,
  description: "",
  access: "allowlist" as const,
  allowedUpdates: ["message" as const],
  setup: () => undefined,
}));

it.each([
  ["what people say", { text: "hello" }, ["main"]],
  ["that a group has become another chat", { migrate_to_chat_id: -1005 }, ["main", "treasury"]],
  ["that a chat was another group", { migrate_from_chat_id: -5 }, ["main", "treasury"]],
])("%s is heard by the bots of the token whom it concerns", (_what, fields, heardBy) => {
  if (main === undefined || treasury === undefined) throw new Error("two bots");
  const chat = { id: -7, type: "group" };
  const update = { update_id: 1, message: { message_id: 1, date: 0, chat, ...fields } };
  const hearing = [main, treasury]
    .filter((bot) =>
      shareToken(bot, [main, treasury]).belongs(update as unknown as Update, undefined),
    )
    .map(({ name }) => name);
  expect(hearing).toEqual(heardBy);
});

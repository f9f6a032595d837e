import { expect, it } from "vitest";
import type { Update } from "../../shared/telegram/bot-api.ts";
import { migrationOf } from "../../shared/telegram/migration.ts";

const group = { id: -5, type: "group" };
const supergroup = { id: -1005, type: "supergroup" };

it.each([
  ["said in the old group", { message: { chat: group, migrate_to_chat_id: -1005 } }, true],
  ["said in the new one", { message: { chat: supergroup, migrate_from_chat_id: -5 } }, true],
  ["of another message", { message: { chat: group, text: "migrate_to_chat_id" } }, false],
  ["with an id that is none", { message: { chat: group, migrate_to_chat_id: "x" } }, false],
  ["without a chat", { message: { migrate_to_chat_id: -1005 } }, false],
  ["of nothing", {}, false],
])("a migration %s", (_, fields, isOne) => {
  const update = { update_id: 1, ...fields } as unknown as Update;
  expect(migrationOf(update)).toEqual(isOne ? { oldId: -5, newId: -1005 } : undefined);
});

import type { z } from "zod";
import { faultSchema } from "../faults/fault.ts";
import { Refusal } from "../world/refusal.ts";
import {
  blockOrder,
  botOrder,
  chatOrder,
  emptyOrder,
  featureOrder,
  membershipOrder,
  pressOrder,
  privateTopicsOrder,
  rateOrder,
  sayOrder,
  sendFileOrder,
  stopDraftOrder,
  topicChange,
  topicOrder,
  userOrder,
} from "./orders.ts";
import type { UserSide } from "./user-side.ts";
import { viewTopic } from "./views.ts";

/** One request: the numbers of its path, its query and its body. */
interface Asked {
  readonly ids: readonly number[];
  readonly query: URLSearchParams;
  readonly body: unknown;
}

type Handler = (user: UserSide, asked: Asked) => unknown;

/** The pattern of the route says how many numbers there are. */
const id = (asked: Asked, at = 0): number => asked.ids[at] ?? Number.NaN;

/** `#` stands for a number in the path. */
const routes: Readonly<Record<string, Handler>> = {
  "GET /sandbox/state": (user) => user.state(),
  "POST /sandbox/bots": (user, { body }) => {
    const bot = user.ensureBot(read(botOrder, body).name);
    return { id: bot.id, name: bot.name, username: bot.username, token: bot.token };
  },
  "GET /sandbox/bots/#/polling": (user, asked) => user.polling(id(asked)),
  "POST /sandbox/bots/#/revoke": (user, asked) => ({ token: user.revoke(id(asked)) }),
  "POST /sandbox/bots/#/topics": (user, asked) => {
    user.setPrivateTopics(id(asked), read(privateTopicsOrder, asked.body).enabled);
    return { ok: true };
  },
  "POST /sandbox/users": (user, { body }) => {
    const { first_name, username } = read(userOrder, body);
    return user.createUser(first_name, username ?? undefined);
  },
  "POST /sandbox/users/#/block": (user, asked) => {
    const order = read(blockOrder, asked.body);
    user.block(id(asked), order.bot, order.blocked);
    return { ok: true };
  },
  "POST /sandbox/chats": (user, { body }) => user.createChat(read(chatOrder, body)),
  "POST /sandbox/chats/#/bots": (user, asked) => {
    const order = read(membershipOrder, asked.body);
    user.setMembership(id(asked), order.bot, order.status);
    return { ok: true };
  },
  "POST /sandbox/chats/#/topics": (user, asked) =>
    viewTopic(user.createTopic(id(asked), read(topicOrder, asked.body).name)),
  "POST /sandbox/chats/#/topics/#": (user, asked) =>
    viewTopic(user.changeTopic(id(asked), id(asked, 1), read(topicChange, asked.body))),
  "POST /sandbox/chats/#/messages": (user, asked) =>
    user.say(id(asked), read(sayOrder, asked.body)),
  "GET /sandbox/chats/#/messages": (user, asked) =>
    user.messages(id(asked), integer(asked.query, "topic"), integer(asked.query, "limit")),
  "POST /sandbox/chats/#/photos": (user, asked) =>
    user.sendFile(id(asked), "photo", read(sendFileOrder, asked.body)),
  "POST /sandbox/chats/#/documents": (user, asked) =>
    user.sendFile(id(asked), "document", read(sendFileOrder, asked.body)),
  "POST /sandbox/chats/#/voices": (user, asked) =>
    user.sendFile(id(asked), "voice", read(sendFileOrder, asked.body)),
  "POST /sandbox/chats/#/stop-draft": (user, asked) => ({
    draft_id: user.stopDraft(id(asked), read(stopDraftOrder, asked.body)),
  }),
  "POST /sandbox/chats/#/migrate": (user, asked) => {
    read(emptyOrder, asked.body);
    return user.migrate(id(asked));
  },
  "POST /sandbox/chats/#/press": (user, asked) => {
    const { from, message_id, data } = read(pressOrder, asked.body);
    return { callback_query_id: user.press(id(asked), from, message_id, data) };
  },
  "GET /sandbox/calls": (user, { query }) =>
    user.calls({
      bot: integer(query, "bot"),
      method: query.get("method") ?? undefined,
      since: integer(query, "since"),
      limit: integer(query, "limit"),
    }),
  "GET /sandbox/rate-limits": (user) => ({ enabled: user.rates.enabled }),
  "POST /sandbox/rate-limits": (user, { body }) => {
    user.rates.enabled = read(rateOrder, body).enabled;
    return { enabled: user.rates.enabled };
  },
  "GET /sandbox/features": (user) => user.features.current,
  "POST /sandbox/features": (user, { body }) => {
    user.features.change(read(featureOrder, body));
    return user.features.current;
  },
  "GET /sandbox/faults": (user) => user.faults.list(),
  "POST /sandbox/faults": (user, { body }) => ({ id: user.faults.add(read(faultSchema, body)) }),
  "DELETE /sandbox/faults": (user) => {
    user.faults.clear();
    return { ok: true };
  },
};

/** The answer of the user's side, or the promise of it. @throws Refusal */
export function answerUser(
  user: UserSide,
  method: string,
  path: string,
  query: URLSearchParams,
  body: unknown,
): unknown {
  const ids: number[] = [];
  const pattern = path.replaceAll(/(?<=\/)-?\d+(?=\/|$)/g, (digits) => {
    ids.push(Number(digits));
    return "#";
  });
  const handler = routes[`${method} ${pattern}`];
  if (handler === undefined) throw new Refusal(`There is no ${method} ${path} here.`, 404);
  return handler(user, { ids, query, body });
}

function read<Schema extends z.ZodType>(schema: Schema, body: unknown): z.output<Schema> {
  const parsed = schema.safeParse(body);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw new Refusal(`${issue?.path.join(".") || "body"}: ${issue?.message ?? "wrong"}`);
}

function integer(query: URLSearchParams, name: string): number | undefined {
  const value = query.get(name);
  if (value === null || value === "") return undefined;
  if (!/^-?\d+$/.test(value)) throw new Refusal(`${name} must be a whole number.`);
  return Number(value);
}

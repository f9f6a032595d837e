import { describe, expect, it } from "vitest";
import { isRepeatable, kindOfMethod } from "../../../shared/outbound/delivery/method-kind.ts";
import { judge, type Verdict } from "../../../shared/outbound/delivery/verdict.ts";
import { type AttemptFacts, freshFacts } from "../../../shared/outbound/queue/entry.ts";
import type { ItemKind } from "../../../shared/outbound/queue/item.ts";
import { NetworkError, ParseError } from "../../../shared/telegram/bot-api.ts";
import { classifyError } from "../../../shared/telegram/error-classifier.ts";
import { flood, migratedTo, network, refusal, timeout } from "../stage/fake-telegram.ts";

function verdict(
  error: Error,
  kind: ItemKind = "answer",
  method = "sendMessage",
  facts: Partial<AttemptFacts> = {},
  isInTopic = true,
  hasInstead = false,
): Verdict["do"] {
  const attempt = { kind, method, facts: { ...freshFacts, ...facts }, isInTopic, hasInstead };
  return judge(classifyError(error, method), attempt).do;
}

const neverLeft = [
  "ECONNREFUSED",
  "ENOTFOUND",
  "EAI_AGAIN",
  "ENETDOWN",
  "ENETUNREACH",
  "EHOSTUNREACH",
];
const unknown: [string, Error][] = [
  ["a reset", network("ECONNRESET")],
  ["a broken pipe", network("EPIPE")],
  ["no reason given", new NetworkError("fetch failed")],
  ["a time-out", timeout()],
  ["502 with HTML", new NetworkError("Server error 502 on sendMessage")],
  ["504", new NetworkError("Server error 504 on sendMessage")],
  ["500 restart", refusal("Internal Server Error: restart", 500)],
  ["no Bot API answer", new ParseError("Invalid JSON in response to sendMessage")],
];

describe("an answer", () => {
  it.each(neverLeft)("%s: the same again", (code) => {
    expect(verdict(network(code))).toBe("retry");
    expect(verdict(network(code), "answer", "sendMessage", { repeats: 1_000 })).toBe("retry");
  });

  it("421: the same again", () => {
    expect(verdict(refusal("Misdirected Request", 421))).toBe("retry");
  });

  it.each(unknown)("%s: once more, marked; a second time it has failed", (_, error) => {
    expect(verdict(error)).toBe("repeat_marked");
    expect(verdict(error, "answer", "sendMessage", { unknownOutcomes: 1 })).toBe("fail");
  });

  it.each(unknown)("that is an edit, %s: again without a mark, a few times", (_, error) => {
    expect(verdict(error, "answer", "editMessageText")).toBe("repeat");
    expect(verdict(error, "answer", "editMessageText", { repeats: 3 })).toBe("fail");
  });

  const refusals: [string, Error, Partial<AttemptFacts>, Verdict["do"]][] = [
    ["flood", flood(7), {}, "wait"],
    ["blocked", refusal("Forbidden: bot was blocked by the user", 403), {}, "block"],
    ["migrated", migratedTo(-100), {}, "move"],
    ["migrated again", migratedTo(-100), { moved: true }, "fail"],
    ["topic gone", refusal("Bad Request: message thread not found"), {}, "without_topic"],
    ["topic closed", refusal("Bad Request: TOPIC_CLOSED"), {}, "without_topic"],
    [
      "topic gone twice",
      refusal("Bad Request: message thread not found"),
      { withoutTopic: true },
      "fail",
    ],
    ["not parsed", refusal("Bad Request: can't parse entities: Unsupported tag"), {}, "plain"],
    ["not parsed, plain", refusal("Bad Request: can't parse entities"), { plain: true }, "fail"],
    ["too long", refusal("Bad Request: message is too long"), {}, "split"],
    [
      "to a message that is gone",
      refusal("Bad Request: message to be replied not found"),
      {},
      "without_reply",
    ],
    [
      "to nothing any more",
      refusal("Bad Request: message to be replied not found"),
      { withoutReply: true },
      "fail",
    ],
    ["anything else", refusal("Bad Request: chat not found"), {}, "fail"],
    ["revoked token", refusal("Unauthorized", 401), {}, "retry"],
    ["a mistake of the program", new TypeError("x is not a function"), {}, "fail"],
  ];
  it.each(refusals)("%s", (_, error, facts, expected) => {
    expect(verdict(error, "answer", "sendMessage", facts)).toBe(expected);
  });
});

describe("an answer with a simpler form", () => {
  it.each([
    ["refused", refusal("Bad Request: RICH_MESSAGE_INVALID"), "instead"],
    [
      "of a method that the server does not know",
      refusal("Not Found: method not found", 404),
      "instead",
    ],
    ["too long", refusal("Bad Request: message is too long"), "instead"],
    ["of unknown outcome", timeout(), "repeat_marked"],
    ["in a topic that is gone", refusal("Bad Request: message thread not found"), "without_topic"],
    [
      "to a message that is gone",
      refusal("Bad Request: message to be replied not found"),
      "without_reply",
    ],
  ] as const)("%s", (_, error, expected) => {
    expect(verdict(error, "answer", "sendRichMessage", {}, true, true)).toBe(expected);
  });
});

describe("anything else", () => {
  it.each([
    [
      "an edit that changes nothing",
      "edit",
      "editMessageText",
      "message is not modified: x",
      "done",
    ],
    ["an edit of nothing", "edit", "editMessageText", "message to edit not found", "fail"],
    ["a deletion of nothing", "deletion", "deleteMessage", "message to delete not found", "done"],
    ["typing in a closed topic", "action", "sendChatAction", "message thread not found", "fail"],
    ["a draft too long", "edit", "sendMessageDraft", "message is too long", "fail"],
  ] as const)("%s", (_, kind, method, description, expected) => {
    expect(verdict(refusal(`Bad Request: ${description}`), kind, method)).toBe(expected);
  });

  it.each([
    ["edit", "editMessageText", "repeat"],
    ["edit", "sendMessageDraft", "repeat"],
    ["deletion", "deleteMessage", "repeat"],
    ["call", "answerCallbackQuery", "repeat"],
    ["call", "getChat", "repeat"],
    ["call", "setMyCommands", "repeat"],
    ["call", "createForumTopic", "fail"],
    ["call", "banChatMember", "fail"],
    // The first message of a progress: a second one would stay for ever.
    ["edit", "sendMessage", "fail"],
  ] as const)("%s by %s of unknown outcome: %s", (kind, method, expected) => {
    expect(verdict(timeout(), kind, method)).toBe(expected);
  });

  it("a caller who waits for a result does not wait for the network for ever", () => {
    expect(verdict(network("ENOTFOUND"), "call", "getChat", { repeats: 2 })).toBe("retry");
    expect(verdict(network("ENOTFOUND"), "call", "getChat", { repeats: 3 })).toBe("fail");
  });
});

it.each([
  ["sendMessage", { chat_id: 1 }, "answer"],
  ["sendDocument", { chat_id: 1 }, "answer"],
  ["copyMessages", { chat_id: 1 }, "answer"],
  ["forwardMessage", { chat_id: 1 }, "answer"],
  ["sendChatAction", { chat_id: 1 }, "action"],
  ["sendMessageDraft", { chat_id: 1 }, "edit"],
  ["sendRichMessageDraft", { chat_id: 1 }, "edit"],
  ["editMessageReplyMarkup", { chat_id: 1 }, "edit"],
  ["deleteMessage", { chat_id: 1 }, "deletion"],
  ["deleteMessages", { chat_id: 1 }, "deletion"],
  ["deleteForumTopic", { chat_id: 1 }, "call"],
  ["answerCallbackQuery", {}, "call"],
  ["getMe", {}, "call"],
  ["sendChatJoinRequestWebApp", { chat_join_request_query_id: "x" }, "call"],
])("%s is of the kind it looks like", (method, params, kind) => {
  expect(kindOfMethod(method, params)).toBe(kind);
});

it("sending is never repeatable, showing is", () => {
  for (const method of ["sendMessage", "copyMessage", "sendDice", "createForumTopic"]) {
    expect(isRepeatable(method), method).toBe(false);
  }
  for (const method of ["sendChatAction", "sendMessageDraft", "editMessageText", "getChat"]) {
    expect(isRepeatable(method), method).toBe(true);
  }
});

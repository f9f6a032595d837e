import { afterEach, describe, expect, it } from "vitest";
import { answerItems } from "../../../shared/outbound/forms/answer-items.ts";
import type { TelegramCall } from "../../../shared/outbound/queue/item.ts";
import type { MessageEntity } from "../../../shared/telegram/bot-api.ts";
import { MarkdownGenerator } from "../../outbound/generated/random-markdown.ts";
import { seededRandom } from "../../support/seeded-random.ts";
import { openSandboxBot, type SandboxBot } from "./sandbox-bot.ts";

const documents = Number(process.env["OUTBOX_DOCUMENTS"] ?? 300);
const atOnce = 8;

let bot: SandboxBot | undefined;
afterEach(() => bot?.close());

interface Sent {
  readonly text?: string;
  readonly entities?: readonly MessageEntity[];
  readonly caption?: string;
  readonly document?: { readonly file_size: number };
  readonly rich_message?: unknown;
}

/** As it comes over the wire: what is no character becomes the sign for that. */
const overTheWire = (text: unknown): string => Buffer.from(String(text)).toString().trim();
/** The sandbox takes white space from the beginning, also from a code block's; the block begins that much later. */
const named = ({ type, offset, length }: MessageEntity, taken = 0): string =>
  `${type} ${Math.max(0, offset - taken)}..${offset + length - taken}`;

/** What is wrong with what arrived; nothing when all is well. */
function fault({ method, params }: TelegramCall, sent: Sent): string | undefined {
  if (method === "sendRichMessage") return sent.rich_message === undefined ? "no rich" : undefined;
  if (method === "sendDocument")
    return sent.caption === overTheWire(params["caption"]) ? undefined : "another caption";
  if (sent.text !== overTheWire(params["text"])) return "another text";
  const arrived = new Set(sent.entities?.map((entity) => named(entity)));
  const given = (params["entities"] ?? []) as readonly MessageEntity[];
  const text = String(params["text"]);
  const taken = text.length - text.trimStart().length;
  return given.map((entity) => named(entity, taken)).find((entity) => !arrived.has(entity));
}

describe(`${documents} generated documents (OUTBOX_DOCUMENTS)`, () => {
  it("are accepted part by part by the sandbox, rich, classic and plain", {
    timeout: 60_000 + documents * 200,
  }, async () => {
    const { me, send, ...opened } = await openSandboxBot();
    bot = { me, send, ...opened };
    const generator = new MarkdownGenerator(seededRandom(20_260_502));
    const counts = new Map<string, number>();
    const faults: string[] = [];
    const { signal } = new AbortController();

    const deliver = async (call: TelegramCall, form: string, markdown: string): Promise<void> => {
      counts.set(form, (counts.get(form) ?? 0) + 1);
      const problem = await send(call.method, call.params, signal).then(
        (sent) => fault(call, sent as Sent),
        String,
      );
      if (problem !== undefined) faults.push(`${form}: ${problem}\n${markdown.slice(0, 1_000)}`);
    };

    let done = 0;
    const worker = async (): Promise<void> => {
      while (done < documents && faults.length < 5) {
        done += 1;
        const { markdown } = generator.document();
        for (const rich of [true, false]) {
          for (const item of answerItems(markdown, { rich }, { chatId: me })) {
            await deliver(item, item.method, markdown);
            for (const simpler of item.instead ?? []) {
              await deliver(simpler, `instead of ${item.method}`, markdown);
            }
          }
        }
      }
    };
    await Promise.all(Array.from({ length: atOnce }, worker));
    expect(faults).toEqual([]);
    console.log(Object.fromEntries(counts));
    expect(counts.get("sendRichMessage")).toBeGreaterThan(documents / 10);
    expect(counts.get("sendMessage")).toBeGreaterThan(documents);
  });
});

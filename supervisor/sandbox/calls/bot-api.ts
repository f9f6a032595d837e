import type { IncomingMessage, ServerResponse } from "node:http";
import type { Clock } from "../../../shared/clock.ts";
import type { Log } from "../../../shared/logger.ts";
import type { DraftDesk } from "../drafts/draft-desk.ts";
import type { EventLog } from "../events/event-log.ts";
import type { FaultRule, FaultTable } from "../faults/fault.ts";
import type { RateModel } from "../faults/rate-model.ts";
import { answerInsteadOf, sendAnswer, sendPage, sendTruncated } from "../faults/send-answer.ts";
import type { FileStore } from "../files/file-store.ts";
import { CallConnection } from "../http/connection.ts";
import type { Form } from "../http/multipart.ts";
import { readParameters } from "../http/parameters.ts";
import { readBody } from "../http/read-body.ts";
import type { BotSession } from "../methods/call/bot-session.ts";
import type { Features } from "../methods/call/features.ts";
import type { RawParameters } from "../methods/call/method.ts";
import { badRequest, TelegramError, tooManyRequests } from "../methods/call/telegram-error.ts";
import { findMethod, type NamedMethod } from "../methods/table.ts";
import type { Mailbox } from "../updates/mailbox.ts";
import type { OpenPoll } from "../updates/overlap.ts";
import type { SandboxBot } from "../world/model.ts";
import type { World } from "../world/world.ts";
import { type Answer, errorAnswer, internalError, okAnswer } from "./answer.ts";
import { type CallPath, checkTokenForm } from "./call-path.ts";
import type { CallRecord, Journal } from "./journal.ts";

export interface BotApiPorts {
  readonly world: World;
  readonly mailboxOf: (botId: number) => Mailbox;
  readonly sessionOf: (botId: number) => BotSession;
  readonly faults: FaultTable;
  readonly rates: RateModel;
  readonly journal: Journal;
  readonly events: EventLog;
  readonly files: FileStore;
  readonly drafts: DraftDesk;
  readonly features: Features;
  readonly clock: Clock;
  readonly log: Log;
  /** Aborts when the sandbox closes. */
  readonly closing: AbortSignal;
}

/** A file of 50 MB, and what a form has besides. */
const maxBodyBytes = 51 * 2 ** 20;

/** What came of a call, for the journal. Status 0: no answer was sent. */
type Outcome = Pick<CallRecord, "status" | "error" | "fault">;

interface Call {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly path: CallPath;
  readonly named: NamedMethod | undefined;
  readonly bot: SandboxBot | undefined;
  readonly connection: CallConnection;
  /** What came with it, once it is there; undefined for a body that cannot be read. */
  form: Form | "too_large" | undefined;
}

/** The bots' side: one HTTP request to `/bot<token>/<method>`, from its arrival to its row in the journal. */
export class BotApi {
  private readonly ports: BotApiPorts;

  constructor(ports: BotApiPorts) {
    this.ports = ports;
  }

  async serve(
    request: IncomingMessage,
    response: ServerResponse,
    path: CallPath,
    search: string,
  ): Promise<void> {
    const { clock, world } = this.ports;
    const arrivedAt = new Date(clock.now()).toISOString();
    const startMs = clock.monotonic();
    const call: Call = {
      request,
      response,
      path,
      named: findMethod(path.method),
      bot: world.botOfToken(path.token),
      connection: new CallConnection(request.socket),
      form: undefined,
    };
    const poll = this.arrive(call);
    try {
      const contentType = request.headers["content-type"] ?? "";
      const body = await readBody(request, maxBodyBytes);
      call.form = body === undefined ? "too_large" : readParameters(search, contentType, body);
      const outcome = await this.conduct(call);
      poll?.answered();
      this.write(call, outcome, arrivedAt, clock.monotonic() - startMs);
    } catch (error) {
      // A caller that breaks off while still sending is no event; everything else is our mistake.
      if (!call.connection.gone) throw error;
    } finally {
      poll?.answered();
      call.connection.release();
    }
  }

  /** Counted on arrival, before any fault and before the body is there. */
  private arrive({ bot, named, connection }: Call): OpenPoll | undefined {
    if (bot === undefined || named?.name !== "getUpdates") return undefined;
    const poll = this.ports.mailboxOf(bot.id).overlap.arrive();
    connection.onGone(() => poll.hungUp());
    return poll;
  }

  private async conduct(call: Call): Promise<Outcome> {
    const rule = this.ports.faults.take(call.bot?.id, call.named?.name ?? call.path.method);
    if (rule === undefined) return this.send(call, await this.answer(call));
    return { ...(await this.fail(call, rule)), fault: rule.kind };
  }

  private async fail(call: Call, rule: FaultRule): Promise<Outcome> {
    const { clock, closing } = this.ports;
    const delayMs = rule.delay_ms ?? (rule.kind === "delay" ? 1000 : 0);
    // A closing sandbox cuts the wait short; the answer then meets a closed connection.
    if (delayMs > 0) await clock.sleep(delayMs, closing).catch(() => {});
    const instead = answerInsteadOf(rule);
    if (typeof instead === "object") return this.send(call, instead);
    if (instead === "page") return { status: sendPage(call.response, rule) };
    if (instead === "hang") {
      await call.connection.untilGone(closing);
      return { status: 0 };
    }
    if (instead === "reset") {
      call.connection.reset();
      return { status: 0 };
    }
    const answer = await this.answer(call);
    if (rule.kind === "reset_after") call.connection.reset();
    else if (rule.kind === "truncated") sendTruncated(call.response, answer);
    else return this.send(call, answer);
    return { status: 0 };
  }

  private send({ response, connection }: Call, answer: Answer): Outcome {
    if (!connection.gone) sendAnswer(response, answer);
    return {
      status: answer.status,
      ...(answer.error === undefined ? {} : { error: answer.error }),
    };
  }

  private async answer(call: Call): Promise<Answer> {
    try {
      return okAnswer(await this.run(call));
    } catch (error) {
      if (error instanceof TelegramError) return errorAnswer(error);
      this.ports.log.error("the sandbox failed in a Bot API call", {
        method: call.path.method,
        error,
      });
      return internalError(error);
    }
  }

  private run({ path, named, bot, form }: Call): ReturnType<NamedMethod["method"]["run"]> {
    const { world, clock, files, drafts, features } = this.ports;
    if (form === "too_large") throw new TelegramError(413, "Request Entity Too Large");
    checkTokenForm(path.token);
    if (bot === undefined) throw new TelegramError(401, "Unauthorized");
    const session = this.ports.sessionOf(bot.id);
    if (session.loggedOut) throw new TelegramError(400, "Logged out");
    if (named === undefined || !features.knows(named.name))
      throw new TelegramError(404, "Not Found: method not found");
    if (form === undefined) throw badRequest("can't parse request body");
    const wait = this.ports.rates.waitSeconds(
      bot.id,
      named.name,
      form.fields["chat_id"] ?? "",
      clock.monotonic(),
    );
    if (wait > 0) throw tooManyRequests(wait);
    const mailbox = this.ports.mailboxOf(bot.id);
    const { fields, uploads } = form;
    const scene = { world, bot, mailbox, session, clock, files, drafts, features, uploads };
    return named.method.run(scene, fields);
  }

  private write(call: Call, outcome: Outcome, at: string, durationMs: number): void {
    const form = typeof call.form === "object" ? call.form : { fields: {}, uploads: noUploads };
    const known = call.named?.method.parameters;
    const unknown = known && Object.keys(form.fields).filter((name) => !known.has(name));
    const recorded = this.ports.journal.add({
      at,
      ...(call.bot === undefined ? {} : { bot: call.bot.id }),
      method: call.named?.name ?? call.path.method,
      parameters: shown(form),
      ...(unknown !== undefined && unknown.length > 0 ? { unknownParameters: unknown } : {}),
      ...outcome,
      durationMs: Math.round(durationMs * 10) / 10,
      ...(call.connection.gone ? { callerGone: true } : {}),
    });
    this.ports.events.record({ type: "call", call: recorded });
  }
}

const noUploads: Form["uploads"] = new Map();

/** Of files the record has the name and the size. */
function shown({ fields, uploads }: Form): RawParameters {
  const files = [...uploads].map(([field, { name, bytes }]): [string, string] => [
    field,
    `(file ${name}, ${bytes.length} bytes)`,
  ]);
  return { ...fields, ...Object.fromEntries(files) };
}

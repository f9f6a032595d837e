import type { IncomingMessage, ServerResponse } from "node:http";
import { errorMessage } from "../../../shared/errors.ts";
import type { Gatekeeper } from "../../../shared/http/gatekeeper.ts";
import type { Log } from "../../../shared/logger.ts";
import { redact } from "../../../shared/redact.ts";
import { errorAnswer } from "../calls/answer.ts";
import type { BotApi } from "../calls/bot-api.ts";
import { parseCallPath } from "../calls/call-path.ts";
import type { EventLog } from "../events/event-log.ts";
import { sendAnswer } from "../faults/send-answer.ts";
import type { FileStore } from "../files/file-store.ts";
import { readBody } from "../http/read-body.ts";
import { TelegramError } from "../methods/call/telegram-error.ts";
import { streamEvents } from "../user-side/event-stream.ts";
import { answerUser } from "../user-side/routes.ts";
import type { UserSide } from "../user-side/user-side.ts";
import { Refusal } from "../world/refusal.ts";
import type { World } from "../world/world.ts";
import { parseFilePath, sendToBot, sendToPage } from "./send-file.ts";
import { sendPageFile } from "./static-page.ts";

/** A file of 50 MB as base64, and some words. */
const maxBodyBytes = 70 * 2 ** 20;

const howToEnter =
  "The key is missing. Open the address that `npm run sandbox` prints in a terminal, or that of the fleet's page (npx tg-supervisor page).";

export interface FrontDesk {
  readonly botApi: BotApi;
  readonly user: UserSide;
  readonly events: EventLog;
  readonly files: FileStore;
  readonly world: World;
  /** Of everything but the Bot API, where a token is the key. */
  readonly gatekeeper: Gatekeeper;
  readonly log: Log;
  readonly now: () => number;
  /** Known once the server listens. */
  port: number;
  /** Called after each change made through the user's side that must not be lost. */
  readonly saved: () => Promise<void>;
}

/** Every request comes here: bots to the Bot API, everything else through the gate to the user's side or the page. */
export async function receive(
  desk: FrontDesk,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const target = request.url ?? "/";
  const cut = target.indexOf("?");
  const path = cut < 0 ? target : target.slice(0, cut);
  const search = cut < 0 ? "" : target.slice(cut + 1);
  try {
    const callPath = parseCallPath(path);
    const filePath = parseFilePath(path);
    if (filePath !== undefined) await sendToBot(response, desk, filePath);
    else if (callPath !== undefined) await desk.botApi.serve(request, response, callPath, search);
    else if (path === "/" || /^\/(page|sandbox)\//.test(path))
      await receiveUser(desk, request, response, path, search);
    else sendAnswer(response, errorAnswer(new TelegramError(404, "Not Found")));
  } catch (error) {
    const callerLeft = request.destroyed && !request.complete;
    if (response.headersSent || response.destroyed || callerLeft) return;
    desk.log.error("the sandbox failed in a request", { path: redact(path), error });
    sendJson(response, 500, { error: errorMessage(error) });
  }
}

async function receiveUser(
  desk: FrontDesk,
  request: IncomingMessage,
  response: ServerResponse,
  path: string,
  search: string,
): Promise<void> {
  const refusal = desk.gatekeeper.strangerAt(request, desk.port);
  if (refusal !== undefined) {
    sendJson(response, 403, { error: refusal });
    return;
  }
  if (desk.gatekeeper.admits(request, response)) return;
  const isPageFile = !path.startsWith("/sandbox/");
  if (!(isPageFile ? desk.gatekeeper.knows(request) : desk.gatekeeper.trusts(request))) {
    sendJson(response, 401, { error: howToEnter });
    return;
  }
  const method = request.method ?? "GET";
  if (isPageFile) {
    if (method !== "GET" || !(await sendPageFile(path, response)))
      sendJson(response, 404, { error: "There is no such file." });
    return;
  }
  const fileId = /^\/sandbox\/files\/([\w-]+)$/.exec(path)?.[1];
  if (method === "GET" && fileId !== undefined) {
    if (!(await sendToPage(response, desk.files, fileId)))
      sendJson(response, 404, { error: "This file is not kept any more." });
    return;
  }
  const query = new URLSearchParams(search);
  if (method === "GET" && path === "/sandbox/events") {
    const since = query.get("since") ?? request.headers["last-event-id"];
    const seq = since === undefined || !/^\d+$/.test(String(since)) ? undefined : Number(since);
    streamEvents(response, desk.events, seq, new Date(desk.now()).toISOString());
    return;
  }
  try {
    const body = method === "POST" ? await readJson(request) : undefined;
    const answer = await answerUser(desk.user, method, path, query, body);
    // A token that was handed out must still be good after a kill.
    if (method === "POST" && path.startsWith("/sandbox/bots")) await desk.saved();
    sendJson(response, 200, answer);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    sendJson(response, error.status, { error: error.message });
  }
}

async function readJson(request: IncomingMessage): Promise<unknown> {
  const body = await readBody(request, maxBodyBytes);
  if (body === undefined) throw new Refusal("The body is too large.");
  try {
    return JSON.parse(body.toString("utf8"));
  } catch {
    throw new Refusal("The body is not JSON.");
  }
}

function sendJson(response: ServerResponse, status: number, value: unknown): void {
  const body = JSON.stringify(value);
  response.writeHead(status, {
    "content-type": "application/json",
    "content-length": Buffer.byteLength(body),
    "cache-control": "no-store",
  });
  response.end(body);
}

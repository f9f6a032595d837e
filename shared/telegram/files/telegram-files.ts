import type { Clock } from "../../clock.ts";
import { errorMessage, OperationError, systemErrorCode } from "../../errors.ts";
import { redact } from "../../redact.ts";
import { type Api, TelegramApiError } from "../bot-api.ts";

/** Bot API, getFile: "For the moment, bots can download files of up to 20MB in size." */
export const maxDownloadBytes = 20 * 2 ** 20;
/** A line on which nothing came for so long is dead. */
const stallMs = 30_000;

/** A file that will not come however often it is asked for: too big for bots, or not kept any more. */
export class FileRefusedError extends OperationError {
  readonly reason: "too_big" | "gone";

  constructor(reason: "too_big" | "gone", message: string) {
    super(message);
    this.reason = reason;
  }
}

interface TelegramFile {
  /** Telegram's own path, such as `photos/file_7.jpg`: good for an extension, for no name. */
  readonly path: string;
  /** Ends the connection when it is left early. Rejects as `open` does. */
  readonly bytes: AsyncIterable<Uint8Array>;
}

/** The files of messages. The token stays inside. */
export interface TelegramFiles {
  /**
   * Asks for a file, and begins to read it.
   * @throws FileRefusedError; OperationError when it may go well later; the signal's reason when aborted
   */
  open(fileId: string, signal: AbortSignal): Promise<TelegramFile>;
}

export interface TelegramFilesParts {
  readonly api: () => Pick<Api, "getFile">;
  readonly apiRoot: string;
  readonly token: string;
  readonly clock: Clock;
}

export function telegramFiles({ api, apiRoot, token, clock }: TelegramFilesParts): TelegramFiles {
  return {
    async open(fileId, signal) {
      const path = await filePath(api(), fileId, signal);
      const stalled = new AbortController();
      const watch = (): (() => void) =>
        clock.schedule(stallMs, () => {
          stalled.abort(new OperationError(`Telegram sent nothing for ${stallMs / 1_000} s.`));
        });
      const cancel = watch();
      try {
        const address = `${apiRoot}/file/bot${token}/${path.split("/").map(encodeURIComponent).join("/")}`;
        const both = AbortSignal.any([signal, stalled.signal]);
        // A redirect would carry the token elsewhere.
        const answer = await fetch(address, { signal: both, redirect: "error" });
        if (answer.status !== 200 || answer.body === null) {
          await answer.body?.cancel();
          throw refusal(answer.status);
        }
        return { path, bytes: watched(answer.body, watch, signal) };
      } catch (error) {
        throw explained(error, signal);
      } finally {
        cancel();
      }
    },
  };
}

async function filePath(
  api: Pick<Api, "getFile">,
  fileId: string,
  signal: AbortSignal,
): Promise<string> {
  try {
    const { file_path: path } = await heeding(signal, api.getFile({ file_id: fileId }, signal));
    // A local server in --local mode names a place on its own disk instead.
    if (path !== undefined && !path.startsWith("/") && !path.split("/").includes("..")) return path;
  } catch (error) {
    signal.throwIfAborted();
    if (!(error instanceof TelegramApiError) || error.errorCode !== 400) throw error;
    if (/file is too big/i.test(error.description))
      throw new FileRefusedError("too_big", "The file is too big for a bot.");
  }
  throw new FileRefusedError("gone", "Telegram does not give this file.");
}

/** A question that is under way is not called back; whoever gives up does not wait for its answer. */
async function heeding<Answer>(signal: AbortSignal, asking: Promise<Answer>): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const giveUp = (): void => {
      reject(signal.reason);
    };
    signal.addEventListener("abort", giveUp, { once: true });
    if (signal.aborted) giveUp();
    asking.then(resolve, reject).finally(() => {
      signal.removeEventListener("abort", giveUp);
    });
  });
}

/** One timer for each silence; none while the reader is busy with what came. */
async function* watched(
  body: AsyncIterable<Uint8Array>,
  watch: () => () => void,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array> {
  let cancel = watch();
  try {
    for await (const chunk of body) {
      cancel();
      yield chunk;
      cancel = watch();
    }
  } catch (error) {
    throw explained(error, signal);
  } finally {
    cancel();
  }
}

function refusal(status: number): OperationError {
  return status === 404
    ? new FileRefusedError("gone", "Telegram does not keep this file any more.")
    : new OperationError(`The file could not be fetched: Telegram answered ${status}.`);
}

/** Without its cause: that one may hold the address, and the address holds the token. */
function explained(error: unknown, signal: AbortSignal): unknown {
  if (signal.aborted) return signal.reason;
  if (error instanceof OperationError) return error;
  const why = systemErrorCode(error) ?? redact(errorMessage(error));
  return new OperationError(`The file could not be fetched (${why}).`);
}

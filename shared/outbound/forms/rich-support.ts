import { TelegramApiError } from "../../telegram/bot-api.ts";
import type { SendPort } from "../delivery/ports.ts";
import type { CallParams } from "../queue/item.ts";

/** Whether the server knows rich messages. One per bot; forgets with the process, because servers get better. */
export class RichSupport {
  private isKnown = true;

  get isUsable(): boolean {
    return this.isKnown;
  }

  /** The same way out; one refusal by a server that is too old is enough. */
  watch(send: SendPort): SendPort {
    return async (method, params, signal) => {
      try {
        return await send(method, params, signal);
      } catch (error) {
        if (isOfOldServer(error, method, params)) this.isKnown = false;
        throw error;
      }
    };
  }
}

/** An old server has no such method (404), and in an edit it does not see the content (400). */
function isOfOldServer(error: unknown, method: string, params: CallParams): boolean {
  if (!(error instanceof TelegramApiError)) return false;
  if (method === "sendRichMessage") return error.errorCode === 404;
  const isRichEdit = method === "editMessageText" && params["rich_message"] !== undefined;
  return isRichEdit && /message text is empty/i.test(error.description);
}

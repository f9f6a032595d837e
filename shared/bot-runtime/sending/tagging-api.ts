import { tagCallbackData } from "../../dispatch/callback-tag.ts";
import { isFields } from "../../fields.ts";
import { Api } from "../../telegram/bot-api.ts";

/** The Bot API of a bot that shares its token: its buttons say whose they are, so that their presses find it. */
export class TaggingApi extends Api {
  private readonly botName: string;

  constructor(botName: string, token: string, options: ConstructorParameters<typeof Api>[1]) {
    super(token, options);
    this.botName = botName;
  }

  protected override request<R>(
    method: string,
    params?: Record<string, unknown>,
    signal?: AbortSignal,
  ): Promise<R> {
    return super.request<R>(method, params === undefined ? params : this.tagged(params), signal);
  }

  private tagged(params: Record<string, unknown>): Record<string, unknown> {
    const markup = params["reply_markup"];
    if (!isFields(markup) || !Array.isArray(markup["inline_keyboard"])) return params;
    const rows: unknown[] = markup["inline_keyboard"];
    const keyboard = rows.map((row) =>
      Array.isArray(row) ? row.map((button) => this.taggedButton(button)) : row,
    );
    return { ...params, reply_markup: { ...markup, inline_keyboard: keyboard } };
  }

  private taggedButton(button: unknown): unknown {
    if (!isFields(button) || typeof button["callback_data"] !== "string") return button;
    return { ...button, callback_data: tagCallbackData(this.botName, button["callback_data"]) };
  }
}

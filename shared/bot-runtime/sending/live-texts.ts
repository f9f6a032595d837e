import { setMaxListeners } from "node:events";
import { renderPort } from "../../outbound/forms/answer-items.ts";
import { DraftSupport } from "../../outbound/live/draft-support.ts";
import { LiveText, type LiveTextParts, type LiveTextStart } from "../../outbound/live/live-text.ts";
import type { AnswerForms } from "./answer-forms.ts";

export type LiveTextsDeps = Pick<
  LiveTextParts,
  "outbox" | "clock" | "random" | "log" | "onGrowing"
> & {
  readonly forms: AnswerForms;
};

/** The texts of a bot that grow before their readers' eyes. */
export class LiveTexts {
  private readonly deps: LiveTextsDeps;
  private readonly drafts = new DraftSupport();
  private readonly ending = new AbortController();

  constructor(deps: LiveTextsDeps) {
    this.deps = deps;
    // Every text that grows listens to it.
    setMaxListeners(0, this.ending.signal);
  }

  start(start: LiveTextStart): LiveText {
    const { forms, ...parts } = this.deps;
    const render = renderPort(forms.settingsFor(start.place.chatId));
    const { signal } = this.ending;
    return new LiveText({ ...parts, render, drafts: this.drafts, signal }, start);
  }

  /** Texts that nobody has ended stay as they are; their typing ends. */
  close(): void {
    this.ending.abort(new DOMException("The bot stops.", "AbortError"));
  }
}

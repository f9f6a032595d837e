import type { BotView, FleetEvent } from "../../fleet/bot-view.ts";
import type { Rival } from "../../inquiry/rival/find-rival.ts";
import type { Alert } from "./alert-desk.ts";

/** States of the receiving side that a person should hear of, and what they are called. */
const troubles: Readonly<Record<string, string>> = {
  conflict: "another process polls its token",
  misconfigured: "it cannot receive updates",
  auth_failed: "Telegram refuses its token",
  waiting_for_storage: "its disk takes nothing more",
};

/** What a fleet's event means for the admins; nothing for most. */
export class FleetAlerts {
  private readonly states = new Map<string, string>();
  private readonly note: (alert: Alert) => void;
  private readonly rivalOf: (name: string) => Rival | undefined;

  constructor(note: (alert: Alert) => void, rivalOf: (name: string) => Rival | undefined) {
    this.note = note;
    this.rivalOf = rivalOf;
  }

  onFleetEvent(event: FleetEvent): void {
    if (event.type === "announcement") {
      const { name, what, reason } = event;
      const begins = what === "given_up";
      const text = begins
        ? `${name} was given up: ${reason}. It is tried again by itself.`
        : `${name} runs stably again.`;
      this.note({ bot: name, what: "given_up", begins, text });
    } else if (event.type === "bot") this.onBot(event.bot);
  }

  /** It was found out who else polls a bot's token. */
  rivalFound(name: string): void {
    const rival = this.rivalOf(name);
    if (rival === undefined || this.states.get(name) !== "conflict") return;
    const text = `${name}: another process polls its token. It is ${rival.who}; ${rival.doing}.`;
    this.note({ bot: name, what: "foreign poller", begins: true, text });
  }

  private onBot({ name, polling, state }: BotView): void {
    // A bot between two processes has the trouble still; what begins anew says so.
    if (state === "starting" || polling.state === "stopped") return;
    const before = this.states.get(name) ?? "";
    const now = polling.state;
    if (before === now) return;
    this.states.set(name, now);
    for (const what of [before, now]) {
      const words = troubles[what];
      if (words === undefined) continue;
      const begins = what === now;
      const why = polling.reason === undefined ? "" : ` (${polling.reason})`;
      const text = begins ? `${name}: ${words}${why}.` : `${name}: over, ${words} no more.`;
      this.note({ bot: name, what, begins, text });
    }
    if (before === "conflict")
      this.note({ bot: name, what: "foreign poller", begins: false, text: "" });
  }
}

import type { PollingState } from "../../../shared/contract/polling-report.ts";
import type { BotView, FleetEvent } from "../../fleet/bot-view.ts";
import type { Rival } from "../../inquiry/rival/find-rival.ts";
import type { Alert, AlertDesk } from "./alert-desk.ts";

/** States of the receiving side that a person should hear of, and what they are called. */
const troubles: Readonly<Partial<Record<PollingState, string>>> = {
  conflict: "another process polls its token",
  waiting_for_guard: "another process polls its token",
  misconfigured: "it cannot receive updates",
  auth_failed: "Telegram refuses its token",
  waiting_for_storage: "its disk takes nothing more",
};

/** They say nothing: a bot between two processes has the trouble still; what begins anew says so. */
const silent: ReadonlySet<PollingState> = new Set([
  "stopped",
  "starting",
  "waiting_for_lock",
  "connecting",
]);

/** What a fleet's event means for the admins; nothing for most. */
export class FleetAlerts {
  /** What each bot's receiving side last said. */
  private readonly states = new Map<string, PollingState>();
  private readonly seen = new Set<string>();
  private readonly givenUp = new Set<string>();
  private readonly desk: Pick<AlertDesk, "note" | "amend" | "forget">;
  private readonly rivalOf: (name: string) => Rival | undefined;

  constructor(
    desk: Pick<AlertDesk, "note" | "amend" | "forget">,
    rivalOf: (name: string) => Rival | undefined,
  ) {
    this.desk = desk;
    this.rivalOf = rivalOf;
  }

  onFleetEvent(event: FleetEvent): void {
    if (event.type === "announcement") {
      if (event.what === "given_up") this.onGivenUp(event.name, event.reason);
      else this.onRecovered(event.name);
    } else if (event.type === "bot") this.onBot(event.bot);
    else if (event.type === "removed") {
      this.states.delete(event.name);
      this.seen.delete(event.name);
      this.givenUp.delete(event.name);
      this.desk.forget(event.name);
    }
  }

  /** It was found out who else polls a bot's token. */
  rivalFound(name: string): void {
    const rival = this.rivalOf(name);
    const what = this.states.get(name);
    if (rival === undefined || what === undefined || troubles[what] === undefined) return;
    const text = `${name}: ${troubles[what]}. It is ${rival.who}; ${rival.doing}.`;
    const alert: Alert = { bot: name, what, begins: true, text };
    if (!this.desk.amend(alert)) this.desk.note({ ...alert, what: "foreign poller" });
  }

  /** Told anew where nobody heard that it was over: a person started it, and it was given up once more. */
  private onGivenUp(name: string, reason: string): void {
    const anew = this.givenUp.has(name);
    this.givenUp.add(name);
    // Presses of buttons come through main; while it is down nobody hears them.
    const isMain = name === "main";
    const next = isMain ? " Start it now with: npx tg-supervisor start main" : "";
    const text = `${name} was given up${anew ? " again" : ""}: ${sentence(reason)} It is tried again by itself.${next}`;
    const what = "given_up";
    this.desk.note({ bot: name, what, begins: true, text, restartHelps: !isMain, anew });
  }

  private onRecovered(name: string): void {
    this.givenUp.delete(name);
    const text = `${name} runs stably again.`;
    this.desk.note({ bot: name, what: "given_up", begins: false, text });
  }

  private onBot({ name, polling, state, reason }: BotView): void {
    // Given up before anybody listened: the alerts begin a moment after the bots.
    if (!this.seen.has(name) && state === "given_up") this.onGivenUp(name, reason);
    this.seen.add(name);
    if (silent.has(polling.state)) return;
    const before = this.states.get(name);
    const now = polling.state;
    if (before === now) return;
    this.states.set(name, now);
    for (const what of [before, now]) {
      const words = what === undefined ? undefined : troubles[what];
      if (what === undefined || words === undefined) continue;
      const begins = what === now;
      const text = begins
        ? `${name}: ${words}${whyOf(polling.reason, words)}.`
        : `${name}: over, ${words} no more.`;
      // A new process of the bot removes a webhook; the press comes through main, which has none then.
      const restartHelps = what === "misconfigured" && name !== "main";
      this.desk.note({ bot: name, what, begins, text, restartHelps });
    }
    if (before === "conflict" || before === "waiting_for_guard")
      this.desk.note({ bot: name, what: "foreign poller", begins: false, text: "" });
  }
}

/** The reason of a conflict says the same once more. */
function whyOf(reason: string | undefined, words: string): string {
  return reason === undefined || words.startsWith("another process") ? "" : ` (${reason})`;
}

function sentence(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`;
}

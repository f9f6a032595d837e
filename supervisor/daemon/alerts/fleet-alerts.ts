import type { PollingState } from "../../../shared/contract/polling-report.ts";
import type { BotView, FleetEvent } from "../../fleet/bot-view.ts";
import type { Rival } from "../../inquiry/rival/find-rival.ts";
import type { Alert, AlertDesk } from "./alert-desk.ts";

type Trouble = "conflict" | "misconfigured" | "auth_failed" | "waiting_for_storage";

/** What a person should hear of the receiving side, and how it is called. */
const words: Readonly<Record<Trouble, string>> = {
  conflict: "another process polls its token",
  misconfigured: "it cannot receive updates",
  auth_failed: "Telegram refuses its token",
  waiting_for_storage: "its disk takes nothing more",
};

const troubleOf: Readonly<Partial<Record<PollingState, Trouble>>> = {
  conflict: "conflict",
  waiting_for_guard: "conflict",
  misconfigured: "misconfigured",
  auth_failed: "auth_failed",
  waiting_for_storage: "waiting_for_storage",
};

const overWords: Readonly<Record<Trouble, string>> = {
  conflict: "another process polls its token no more",
  misconfigured: "it receives updates again",
  auth_failed: "Telegram takes its token again",
  waiting_for_storage: "its disk takes what comes again",
};

/** Updates come: whatever was in their way is gone. Every other state leaves open whether it is. */
const proofs: ReadonlySet<PollingState> = new Set(["polling", "reading"]);

/** What a fleet's event means for the admins; nothing for most. */
export class FleetAlerts {
  /** The troubles of each bot that nothing has shown to be over, the newest last. */
  private readonly lasting = new Map<string, readonly Trouble[]>();
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
      this.lasting.delete(event.name);
      this.seen.delete(event.name);
      this.givenUp.delete(event.name);
      this.desk.forget(event.name);
    }
  }

  /** It was found out who else polls a bot's token. */
  rivalFound(name: string): void {
    const rival = this.rivalOf(name);
    const trouble = this.lasting.get(name)?.at(-1);
    if (rival === undefined || trouble === undefined) return;
    const who = trouble === "conflict" ? `It is ${rival.who}` : capitalized(rival.who);
    const alert = beginning(name, trouble, `. ${who}; ${rival.doing}`);
    if (!this.desk.amend(alert)) this.desk.note({ ...alert, what: rivalKey(trouble) });
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
    const lasting = this.lasting.get(name) ?? [];
    const trouble = troubleOf[polling.state];
    if (trouble !== undefined) {
      this.lasting.set(name, [...lasting.filter((other) => other !== trouble), trouble]);
      if (!lasting.includes(trouble))
        this.desk.note(beginning(name, trouble, whyOf(polling.reason, trouble)));
    } else if (proofs.has(polling.state)) {
      this.lasting.delete(name);
      for (const each of lasting) this.onOver(name, each);
    }
  }

  private onOver(name: string, trouble: Trouble): void {
    const text = `${name}: over, ${overWords[trouble]}.`;
    this.desk.note({ bot: name, what: trouble, begins: false, text });
    this.desk.note({ bot: name, what: rivalKey(trouble), begins: false, text: "" });
  }
}

function beginning(name: string, trouble: Trouble, more: string): Alert {
  // A new process of the bot removes a webhook; the press comes through main, which has none then.
  const restartHelps = trouble === "misconfigured" && name !== "main";
  const text = `${name}: ${words[trouble]}${more}.`;
  return { bot: name, what: trouble, begins: true, text, restartHelps };
}

/** Who it is that takes the updates is told apart where it is found out after the trouble was told. */
function rivalKey(trouble: Trouble): string {
  return `rival of ${trouble}`;
}

/** The reason of a conflict says the same once more. */
function whyOf(reason: string | undefined, trouble: Trouble): string {
  return reason === undefined || trouble === "conflict" ? "" : ` (${reason})`;
}

function capitalized(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function sentence(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`;
}

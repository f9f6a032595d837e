import { accessPath } from "../../access/access-file.ts";
import { redeemCode } from "../../access/pairing.ts";
import { PairingTries } from "../../access/pairing-tries.ts";
import type { Clock } from "../../clock.ts";
import { commandOf } from "../../dispatch/command-of.ts";
import type { Log } from "../../logger.ts";
import type { Message, Update, User } from "../../telegram/bot-api.ts";

export interface PairingDeskParts {
  readonly stateDir: string;
  /** The bots of the token to which a code may lead. */
  readonly bots: readonly string[];
  readonly isAllowed: (userId: number) => boolean;
  readonly clock: Clock;
  readonly log: Log;
}

/** The one thing that a stranger may say: `/pair <code>`, in a private chat. Codes are never logged. */
export class PairingDesk {
  private readonly parts: PairingDeskParts;
  private readonly tries: PairingTries;

  constructor(parts: PairingDeskParts) {
    this.parts = parts;
    this.tries = new PairingTries(parts.clock);
  }

  /**
   * @returns undefined: not for this desk; else what is to be answered, where null is silence
   * @throws the system's error when the list cannot be written; the code is then not used up
   */
  async answer(update: Update): Promise<string | null | undefined> {
    if (!("message" in update) || commandOf(update)?.name !== "pair") return undefined;
    const { from, chat, text } = update.message as Partial<Message>;
    if (from === undefined || chat?.type !== "private" || chat.id !== from.id) return undefined;
    const code = /^\S+\s+(.*)$/s.exec(text ?? "")?.[1]?.trim() ?? "";
    return this.redeem(from, code);
  }

  private async redeem(from: User, code: string): Promise<string | null> {
    const { stateDir, bots, isAllowed, log } = this.parts;
    if (!this.tries.mayTry(from.id)) return null;
    const person = { id: from.id, name: [from.first_name, from.last_name].join(" ") };
    let isIn = isAllowed(from.id);
    for (const bot of bots) {
      const result = await redeemCode(accessPath(stateDir, bot), code, person, this.parts);
      if (result === "let_in") {
        log.info("somebody was let in by a pairing code", { userId: from.id, bot });
        return "You are in. /help shows what this bot can do.";
      }
      isIn ||= result === "in_already";
    }
    if (isIn) return "You may use this bot already.";
    // No guess: it costs no try.
    if (code === "") return "Which code? Ask the operator for one, and send it as /pair <code>.";
    log.info("a wrong pairing code was refused", { userId: from.id });
    const left = this.tries.countWrong(from.id);
    const advice = "Ask the operator for a new one, and send it as /pair <code>.";
    return left > 0
      ? `This code is wrong or has expired. ${advice}`
      : "This code is wrong, too. No further codes of yours are tried for an hour.";
  }
}

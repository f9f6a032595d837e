import type { Clock } from "../../../shared/clock.ts";
import type { UpdateType, User } from "../../../shared/telegram/bot-api.ts";
import type { EventLog, SandboxEvent } from "../events/event-log.ts";
import { newcomerId } from "./identity.ts";
import type { CallbackPress, SandboxBot, SandboxChat, WorldState } from "./model.ts";
import { Refusal } from "./refusal.ts";
import { restoreBots, restoreChats, saveBot, saveChat } from "./saved.ts";

export interface WorldPorts {
  readonly clock: Clock;
  readonly random: () => number;
  readonly events: EventLog;
  /** A message id that was never given out before: one row for each supergroup, one for everything else. */
  nextMessageId(row: number | undefined): number;
  /** Creates an update for a bot. */
  deliver(botId: number, kind: UpdateType, payloadJson: string): void;
  /** Something that a restart should keep has changed. */
  changed(): void;
}

/** The state of the little Telegram: who exists and what was said. Changes are made by the files beside it. */
export class World {
  readonly ports: WorldPorts;
  readonly me: number;
  readonly users: Map<number, User>;
  /** By user: the bots that this user has blocked. */
  readonly blocked: Map<number, Set<number>>;
  readonly bots: Map<number, SandboxBot>;
  readonly chats: Map<number, SandboxChat>;
  readonly presses: Map<string, CallbackPress>;
  private readonly dialogs = new Map<string, SandboxChat>();
  private readonly byToken = new Map<string, SandboxBot>();
  private nextDialogId: number;

  constructor(ports: WorldPorts, saved?: WorldState) {
    this.ports = ports;
    this.me = saved?.me ?? newcomerId;
    this.nextDialogId = saved?.nextDialogId ?? 1;
    this.users = new Map(saved?.users.map((user) => [user.id, user]));
    this.blocked = new Map(saved?.blocked.map(([user, bots]) => [user, new Set(bots)]));
    this.bots = restoreBots(saved?.bots ?? []);
    this.chats = restoreChats(saved?.chats ?? []);
    this.presses = new Map(saved?.presses.map((press) => [press.id, press]));
    for (const bot of this.bots.values()) this.byToken.set(bot.token, bot);
    for (const chat of this.chats.values()) this.index(chat);
  }

  addBot(bot: SandboxBot): void {
    this.bots.set(bot.id, bot);
    this.byToken.set(bot.token, bot);
  }

  changeToken(bot: SandboxBot, token: string): void {
    this.byToken.delete(bot.token);
    bot.token = token;
    this.byToken.set(token, bot);
  }

  addChat(chat: SandboxChat): void {
    this.chats.set(chat.id, chat);
    this.index(chat);
  }

  takeDialogId(): number {
    this.nextDialogId += 1;
    return this.nextDialogId - 1;
  }

  botOfToken(token: string): SandboxBot | undefined {
    return this.byToken.get(token);
  }

  botNamed(name: string): SandboxBot | undefined {
    return [...this.bots.values()].find((bot) => bot.name === name);
  }

  dialog(botId: number, userId: number): SandboxChat | undefined {
    return this.dialogs.get(`${botId}/${userId}`);
  }

  isBlocked(userId: number, botId: number): boolean {
    return this.blocked.get(userId)?.has(botId) ?? false;
  }

  /** @throws Refusal 404 */
  bot(id: number): SandboxBot {
    const bot = this.bots.get(id);
    if (bot === undefined) throw new Refusal(`There is no bot ${id} in this sandbox.`, 404);
    return bot;
  }

  /** @throws Refusal 404 */
  user(id: number): User {
    const user = this.users.get(id);
    if (user === undefined) throw new Refusal(`There is no user ${id} in this sandbox.`, 404);
    return user;
  }

  /** @throws Refusal 404 */
  chat(id: number): SandboxChat {
    const chat = this.chats.get(id);
    if (chat === undefined)
      throw new Refusal(
        `There is no chat ${id} in this sandbox; private chats have an id of their own, see /sandbox/state.`,
        404,
      );
    return chat;
  }

  /** What Telegram calls unix time. */
  seconds(): number {
    return Math.floor(this.ports.clock.now() / 1000);
  }

  tell(event: SandboxEvent): void {
    this.ports.events.record(event);
    this.ports.changed();
  }

  save(): WorldState {
    return {
      me: this.me,
      nextDialogId: this.nextDialogId,
      users: [...this.users.values()],
      blocked: [...this.blocked].map(([user, bots]) => [user, [...bots]] as const),
      bots: [...this.bots.values()].map(saveBot),
      chats: [...this.chats.values()].map(saveChat),
      presses: [...this.presses.values()],
    };
  }

  private index(chat: SandboxChat): void {
    if (chat.type !== "private") return;
    for (const botId of chat.bots.keys())
      for (const userId of chat.members) this.dialogs.set(`${botId}/${userId}`, chat);
  }
}

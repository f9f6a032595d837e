import { type BotMessage, expectedParentVariable, supervisorMessage } from "../contract/ipc.ts";
import { OperatorError } from "../errors.ts";

/** A bot's end of the channel to its supervisor. Standalone bots have none: everything is a quiet no-op there. */
export interface SupervisorLink {
  readonly supervised: boolean;
  send(message: BotMessage): void;
  /** Closes the channel, so that it does not keep the process alive. */
  close(): void;
}

export interface LinkEvents {
  onStop(): void;
  onPolling(take: boolean): void;
  onLockMoved(): void;
  onSendShare(perSecond: number): void;
  onOthersSent(chatId: number | string): void;
  onDeadLetter(order: "retry" | "drop", seq: number): void;
  /** The supervisor died (its end of the channel closed), or had died before we were there. */
  onLost(): void;
}

export function openSupervisorLink(events: LinkEvents): SupervisorLink {
  if (process.send === undefined) {
    return { supervised: false, send: () => undefined, close: () => undefined };
  }
  const onMessage = (value: unknown): void => {
    const message = supervisorMessage.safeParse(value).data;
    if (message?.type === "ping") send({ type: "pong", sequence: message.sequence });
    else if (message?.type === "stop") events.onStop();
    else if (message?.type === "polling") events.onPolling(message.take);
    else if (message?.type === "lock_moved") events.onLockMoved();
    else if (message?.type === "send_share") events.onSendShare(message.perSecond);
    else if (message?.type === "others_sent") events.onOthersSent(message.chatId);
    else if (message?.type === "dead_letter") events.onDeadLetter(message.order, message.seq);
  };
  const onDisconnect = (): void => {
    events.onLost();
  };
  process.on("message", onMessage);
  process.once("disconnect", onDisconnect);
  const expectedParent = process.env[expectedParentVariable];
  if (expectedParent !== undefined && process.ppid !== Number(expectedParent)) events.onLost();
  return {
    supervised: true,
    send,
    close() {
      process.off("message", onMessage);
      process.off("disconnect", onDisconnect);
      if (process.connected) process.disconnect();
    },
  };
}

/** Runs a bot's program. Where it ends by an error that a person can act on, the supervisor hears the reason, too. */
export async function tellingFailure<Result>(run: () => Promise<Result>): Promise<Result> {
  try {
    return await run();
  } catch (error) {
    tellFailure({ send }, error);
    throw error;
  }
}

/** Other errors keep to the log: nobody has looked at what their messages quote. */
export function tellFailure(link: Pick<SupervisorLink, "send">, error: unknown): void {
  if (error instanceof OperatorError) link.send({ type: "failed", reason: error.message });
}

function send(message: BotMessage): void {
  // A channel that closes under the write reports through the callback; 'disconnect' tells the rest.
  if (process.connected) process.send?.(message, undefined, {}, () => undefined);
}

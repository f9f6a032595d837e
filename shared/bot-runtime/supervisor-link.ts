import type { BotMessage, SupervisorMessage } from "./ipc.ts";

/** A bot's end of the channel to its supervisor. Standalone bots have none: everything is a quiet no-op there. */
export interface SupervisorLink {
  readonly supervised: boolean;
  send(message: BotMessage): void;
  /** Closes the channel, so that it does not keep the process alive. */
  close(): void;
}

export interface LinkEvents {
  onStop(): void;
  /** The supervisor died (its end of the channel closed), or had died before we were there. */
  onLost(): void;
}

/** The pid of the supervisor that started us: if it is not our parent, it died before we could listen. */
export const expectedParentVariable = "TG_SUPERVISOR_PID";

export function openSupervisorLink(events: LinkEvents): SupervisorLink {
  if (process.send === undefined) {
    return { supervised: false, send: () => undefined, close: () => undefined };
  }
  const onMessage = (message: unknown): void => {
    const known = message as SupervisorMessage;
    if (known.type === "ping") send({ type: "pong", sequence: known.sequence });
    else if (known.type === "stop") events.onStop();
  };
  const onDisconnect = (): void => {
    events.onLost();
  };
  const send = (message: BotMessage): void => {
    // A channel that closes under the write reports through the callback; 'disconnect' tells the rest.
    if (process.connected) process.send?.(message, undefined, {}, () => undefined);
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

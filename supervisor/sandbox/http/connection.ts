import type { Socket } from "node:net";

/**
 * One call's view of its connection. "Gone" is when the other side closed it, seen at its FIN: a parked answer is
 * never written to somebody who has left.
 */
export class CallConnection {
  private readonly socket: Socket;
  private readonly listeners: (() => void)[] = [];
  gone = false;

  constructor(socket: Socket) {
    this.socket = socket;
    socket.once("end", this.leave);
    socket.once("close", this.leave);
  }

  onGone(listener: () => void): void {
    this.listeners.push(listener);
  }

  untilGone(signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      if (this.gone || signal.aborted) {
        resolve();
        return;
      }
      const end = (): void => {
        signal.removeEventListener("abort", end);
        resolve();
      };
      signal.addEventListener("abort", end, { once: true });
      this.onGone(end);
    });
  }

  /** Closes it without a word: the other side sees a reset. */
  reset(): void {
    this.socket.resetAndDestroy();
  }

  /** The call has ended; the connection may serve the next one. */
  release(): void {
    this.socket.off("end", this.leave);
    this.socket.off("close", this.leave);
  }

  private readonly leave = (): void => {
    if (this.gone) return;
    this.gone = true;
    for (const listener of this.listeners) listener();
  };
}

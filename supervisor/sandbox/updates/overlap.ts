/** One getUpdates call as the network sees it. */
export interface OpenPoll {
  /** The answer was handed to the connection. */
  answered(): void;
  /** The other side closed the connection. */
  hungUp(): void;
}

interface Poll {
  connectionAlive: boolean;
}

/**
 * Counts polls that overlap: a getUpdates that arrives while another one of the same token is open, parked or being
 * worked on, on a connection that is still alive. The promise "never two pollers" is measured by this figure.
 */
export class PollOverlap {
  private readonly open = new Set<Poll>();
  /** Overlaps ever seen. */
  overlapping = 0;
  /** getUpdates calls ever seen. */
  calls = 0;

  get openPolls(): number {
    return this.open.size;
  }

  arrive(): OpenPoll {
    const others = [...this.open];
    this.calls += 1;
    // A poller that was killed is not alive, but the end of its connection may wait behind this very request in
    // the event loop: judged one turn later, and even an older call that was answered meanwhile counts.
    if (others.length > 0)
      setImmediate(() => {
        if (others.some((poll) => poll.connectionAlive)) this.overlapping += 1;
      });
    const poll: Poll = { connectionAlive: true };
    this.open.add(poll);
    return {
      answered: () => {
        this.open.delete(poll);
      },
      hungUp: () => {
        poll.connectionAlive = false;
        this.open.delete(poll);
      },
    };
  }
}

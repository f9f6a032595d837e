import type { Place } from "../../outbound/queue/item.ts";

type OnGone = (place: Place) => void;

/** Of a bot that nobody follows only the last are kept. */
const mostUnheard = 100;

/** Forum topics that turned out to be closed or gone. Each is told once, until something arrives there again. */
export class GoneTopics {
  private readonly listeners: OnGone[] = [];
  /** What an earlier life left is sent before anybody listens. */
  private readonly unheard: Place[] = [];

  readonly note = (place: Place): void => {
    if (this.listeners.length === 0) this.unheard.push(place);
    if (this.unheard.length > mostUnheard) this.unheard.shift();
    for (const listener of this.listeners) listener(place);
  };

  /** @param listener must not throw */
  readonly follow = (listener: OnGone): void => {
    this.listeners.push(listener);
    for (const place of this.unheard.splice(0)) listener(place);
  };
}

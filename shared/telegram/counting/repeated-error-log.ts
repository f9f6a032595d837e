import type { Clock } from "../../clock.ts";
import type { Log, LogFacts } from "../../logger.ts";
import type { ClassifiedError } from "../error-classifier.ts";
import type { ErrorKind } from "../error-kind.ts";

/** Time from the first line to the first summary, from there to the next one, and so on; the last one repeats. */
const summaryIntervalsMs: readonly number[] = [60_000, 5 * 60_000, 15 * 60_000, 60 * 60_000];
/**
 * So long without the error, and it is over: the next one is a first occurrence again. Longer than the longest pause
 * between two tries of the poller (10 min), so that one trouble stays one story.
 */
const quietMs = 15 * 60_000;
/** Kinds whose messages may tell different stories are kept apart, up to so many stories. */
const maxEpisodes = 50;
/** These are told by the bot's state while they last; their repeats get one line, when it is over. */
const summarisedAtTheEnd: readonly ErrorKind[] = ["conflict_poller", "conflict_webhook", "auth"];

interface Episode {
  readonly error: ClassifiedError;
  lastMs: number;
  lastLineMs: number;
  /** Repeats that no line has told yet. */
  untold: number;
  summaries: number;
}

/**
 * Says an error once, then counts: `... 37 more of the same in 5 min` at growing intervals, and when it is over. Has no
 * timers: a summary comes with the next error or the next {@link succeeded}.
 */
export class RepeatedErrorLog {
  private readonly log: Log;
  private readonly clock: Clock;
  private readonly episodes = new Map<string, Episode>();

  constructor(log: Log, clock: Clock) {
    this.log = log;
    this.clock = clock;
  }

  /** @param facts shown with the first line only */
  failed(error: ClassifiedError, facts: LogFacts = {}): void {
    const nowMs = this.clock.monotonic();
    this.endQuietEpisodes(nowMs);
    const key = this.keyOf(error);
    const episode = this.episodes.get(key);
    if (episode === undefined) {
      this.log[error.level](error.message, { ...factsOf(error), ...facts });
      this.episodes.set(key, { error, lastMs: nowMs, lastLineMs: nowMs, untold: 0, summaries: 0 });
      return;
    }
    episode.lastMs = nowMs;
    episode.untold += 1;
    if (summarisedAtTheEnd.includes(error.kind)) return;
    const intervalMs = summaryIntervalsMs[episode.summaries] ?? summaryIntervalsMs.at(-1) ?? 0;
    if (nowMs - episode.lastLineMs >= intervalMs) {
      this.summarise(episode, nowMs, "");
      episode.summaries += 1;
    }
  }

  /** Call it after every success: errors that have not come for a while are over, and their summary is said. */
  succeeded(): void {
    this.endQuietEpisodes(this.clock.monotonic());
  }

  /** Says what was counted and not yet told. */
  close(): void {
    for (const episode of this.episodes.values())
      this.summarise(episode, this.clock.monotonic(), "");
    this.episodes.clear();
  }

  private endQuietEpisodes(nowMs: number): void {
    for (const [key, episode] of this.episodes) {
      if (nowMs - episode.lastMs < quietMs) continue;
      this.summarise(episode, episode.lastMs, ", over since");
      this.episodes.delete(key);
    }
  }

  private summarise(episode: Episode, untilMs: number, ending: string): void {
    if (episode.untold === 0) return;
    const { error, untold, lastLineMs } = episode;
    const span = formatSpan(untilMs - lastLineMs);
    this.log[error.level](`... ${untold} more of the same in ${span}${ending}`, {
      ...factsOf(error),
      message: error.message,
    });
    episode.untold = 0;
    episode.lastLineMs = untilMs;
  }

  private keyOf({ kind, message }: ClassifiedError): string {
    if (kind !== "unknown" && kind !== "bad_request") return kind;
    const story = `${kind}: ${message}`;
    return this.episodes.has(story) || this.episodes.size < maxEpisodes ? story : kind;
  }
}

function factsOf(error: ClassifiedError): Record<string, unknown> {
  return { kind: error.kind, status: error.status, code: error.systemCode };
}

function formatSpan(ms: number): string {
  return ms < 90_000 ? `${Math.round(ms / 1000)} s` : `${Math.round(ms / 60_000)} min`;
}

/**
 * Megabytes (UTF-16 units) per second of each kind of work on all the texts, repeated for at least `minimalMs` of the
 * clock that is given; once before, to get warm.
 */
export function measureSpeeds(texts, works, nowMs, minimalMs) {
  const megabytes = texts.reduce((sum, text) => sum + text.length, 0) / 1_000_000;
  const speed = (work) => {
    for (const text of texts) work(text);
    const startMs = nowMs();
    for (let rounds = 1; ; rounds += 1) {
      for (const text of texts) work(text);
      const elapsedMs = nowMs() - startMs;
      if (elapsedMs >= minimalMs) return (megabytes * rounds * 1_000) / elapsedMs;
    }
  };
  return Object.fromEntries(Object.entries(works).map(([name, work]) => [name, speed(work)]));
}

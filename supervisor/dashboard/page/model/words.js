/** `3 s`, `12 min`, `4 h`, `9 d`: how long, in one word for a table. */
export function span(ms) {
  const seconds = Math.max(0, Math.round(ms / 1000));
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  return hours < 48 ? `${hours} h` : `${Math.floor(hours / 24)} d`;
}

/** `84 MB`, `1.2 GB` */
export function memory(bytes) {
  if (bytes === undefined) return "–";
  const megabytes = bytes / 2 ** 20;
  if (megabytes < 1000) return `${Math.round(megabytes)} MB`;
  return `${(megabytes / 1024).toFixed(1)} GB`;
}

/** `0.4 %`, `12 %`; of one core. */
export function percent(value) {
  if (value === undefined || value === null) return "–";
  return `${value < 9.95 ? value.toFixed(1) : Math.round(value)} %`;
}

/** `7 ms`, `240 ms`, `1.4 s`, `25 s` */
export function milliseconds(ms) {
  if (ms === undefined) return "–";
  if (ms < 1000) return `${Math.round(ms)} ms`;
  return ms < 10_000 ? `${(ms / 1000).toFixed(1)} s` : `${Math.round(ms / 1000)} s`;
}

/** `1,240`, `18.4 k` */
export function count(number) {
  return number < 10_000 ? number.toLocaleString("en") : `${(number / 1000).toFixed(1)} k`;
}

/** `$0.0042`, `$1.20`, `–` for nothing */
export function dollars(amount) {
  return amount === 0 ? "–" : `$${amount.toFixed(amount < 1 ? 4 : 2)}`;
}

export const plural = (number, one, many = `${one}s`) =>
  `${count(number)} ${number === 1 ? one : many}`;

/** `conflict_poller` as people read it. */
export const spoken = (word) => word.replaceAll("_", " ");

const keptEvents = 60;

export function emptyFleet() {
  return {
    /** As the control API shows it; undefined until the first snapshot. */
    picture: undefined,
    /** `connecting`, `live`, `lost`, or `locked`: the page's key is old. */
    connection: "connecting",
    lostAt: undefined,
    /** What happened while the page looked, the newest first: { at, name, tone, text }. */
    events: [],
  };
}

export const botNamed = (fleet, name) => fleet.picture?.bots.find((bot) => bot.name === name);

/** Takes one line of the live stream. */
export function hear(fleet, change, nowMs) {
  if (change.type === "snapshot") return takeSnapshot(fleet, change.fleet, nowMs);
  if (fleet.picture === undefined) return undefined;
  switch (change.type) {
    case "bot":
      return takeBot(fleet, change.bot, nowMs);
    case "state":
      fleet.picture.state = change.state;
      return note(fleet, { at: nowMs, name: "supervisor", tone: "busy", text: change.state });
    case "removed":
      fleet.picture.bots = fleet.picture.bots.filter(({ name }) => name !== change.name);
      return note(fleet, { at: nowMs, name: change.name, tone: "off", text: "left the fleet" });
    case "usage":
      fleet.picture.usage = change.supervisor ?? fleet.picture.usage;
      for (const bot of fleet.picture.bots) bot.usage = change.bots[bot.name];
      return undefined;
    case "news":
      return note(fleet, {
        at: change.at,
        name: change.name,
        tone: change.what === "recovered" ? "good" : "bad",
        text: `${change.what === "recovered" ? "runs stably again" : "was given up"}: ${change.reason}`,
      });
    default:
      return undefined;
  }
}

function takeSnapshot(fleet, picture, nowMs) {
  const before = fleet.picture;
  fleet.picture = picture;
  fleet.connection = "live";
  fleet.lostAt = undefined;
  if (before === undefined) return;
  if (before.startedAt !== picture.startedAt) {
    note(fleet, { at: nowMs, name: "supervisor", tone: "busy", text: "was started anew" });
    return;
  }
  for (const bot of picture.bots) noteDifference(fleet, bot, before.bots, nowMs);
}

function takeBot(fleet, bot, nowMs) {
  const { bots } = fleet.picture;
  noteDifference(fleet, bot, bots, nowMs);
  const at = bots.findIndex(({ name }) => name === bot.name);
  if (at < 0) bots.push(bot);
  else bots[at] = bot;
}

function noteDifference(fleet, bot, known, nowMs) {
  const before = known.find(({ name }) => name === bot.name);
  const now = verdict(bot, nowMs);
  const then = before && verdict(before, nowMs);
  if (then?.kind === now.kind) return;
  note(fleet, { at: nowMs, name: bot.name, tone: now.tone, text: sentence(now) });
}

/** "stopped by dev" needs no "stopped" before it. */
export function sentence({ words, why }) {
  if (!why) return words;
  return why.startsWith(words) ? why : `${words}: ${why}`;
}

function note(fleet, event) {
  fleet.events = [event, ...fleet.events].slice(0, keptEvents);
}

export function lose(fleet, isKeyOld, nowMs) {
  fleet.connection = isKeyOld ? "locked" : "lost";
  fleet.lostAt ??= nowMs;
}

const childWords = {
  down: "stopped",
  acquiring_lock: "waits for the lock",
  starting: "starting",
  stopping: "stopping",
  backing_off: "starts again soon",
  given_up: "given up",
  gone: "gone",
};
const childTones = { down: "off", backing_off: "warn", given_up: "bad", gone: "bad" };
const pollingWords = {
  reading: "reads along",
  disabled: "does not poll",
  by_itself: "runs",
  waiting_for_lock: "waits for the lock",
  waiting_for_guard: "waits for the guard",
  waiting_for_network: "Telegram out of reach",
  waiting_for_storage: "waits for the disk",
  rate_limited: "slowed by Telegram",
  auth_failed: "token refused",
};
const healthy = ["polling", "reading", "by_itself", "starting", "connecting"];

/**
 * How a bot is, for people: `tone` (good, busy, warn, bad, off), a few `words`, `why` where there is more to say.
 * `kind` changes when something happened, and not with every second that passes.
 */
export function verdict(bot, nowMs) {
  const { state, reason = "", polling, silentSince, nextTryAt, usage } = bot;
  if (state !== "ready") {
    const words = childWords[state] ?? state;
    const seconds = nextTryAt === undefined ? 0 : Math.ceil((nextTryAt - nowMs) / 1000);
    const isWaiting = state === "backing_off" && seconds > 0;
    const tone = childTones[state] ?? "busy";
    return { kind: state, tone, words: isWaiting ? `again in ${seconds} s` : words, why: reason };
  }
  if (silentSince !== undefined) {
    const why = usage?.suspended
      ? "its process is suspended"
      : `no sign of life for ${Math.max(1, Math.round((nowMs - silentSince) / 1000))} s`;
    return { kind: "silent", tone: "warn", words: "does not answer", why };
  }
  const spoken = pollingWords[polling.state] ?? polling.state.replaceAll("_", " ");
  if (polling.trouble !== undefined && healthy.includes(polling.state)) {
    const why = bot.rival
      ? `${bot.rival.who}; ${bot.rival.doing}`
      : troubleWords(polling.trouble, nowMs);
    return { kind: `${polling.state}, in trouble`, tone: "warn", words: `${spoken}?`, why };
  }
  const why = bot.rival ? `${bot.rival.who}; ${bot.rival.doing}` : (polling.reason ?? "");
  const tone = healthy.includes(polling.state)
    ? "good"
    : ["misconfigured", "auth_failed"].includes(polling.state)
      ? "bad"
      : "warn";
  return { kind: polling.state, tone, words: spoken, why };
}

/** A call to Telegram that failed, and when it is tried again. */
function troubleWords({ what, at, nextTryAt }, nowMs) {
  const told = `${what}, ${inSeconds(nowMs - at)} ago`;
  return nextTryAt === undefined ? told : `${told}; next try in ${inSeconds(nextTryAt - nowMs)}`;
}

function inSeconds(ms) {
  return `${Math.max(0, Math.round(ms / 1000))} s`;
}

/** Which of start, stop and restart make sense now. */
export function ordersFor({ state }) {
  if (state === "down" || state === "given_up" || state === "gone") return ["start"];
  if (state === "backing_off") return ["start", "stop"];
  return state === "stopping" ? ["start"] : ["restart", "stop"];
}

const sum = (numbers) => numbers.reduce((total, number) => total + number, 0);

/** All dead letters that are known, the newest first. */
export function deadLetters(fleet) {
  return (fleet.picture?.bots ?? [])
    .flatMap(({ name, state, intake }) =>
      (intake?.deadLetters ?? []).map((letter) => ({ ...letter, bot: name, state })),
    )
    .toSorted((a, b) => b.givenUpAt - a.givenUpAt);
}

/** What the agents of all bots work on, the last used first; `total`: there may be more than are told. */
export function sessionsOf(fleet) {
  const bots = fleet.picture?.bots ?? [];
  return {
    total: sum(bots.map(({ sessions }) => sessions?.count ?? 0)),
    sessions: bots
      .flatMap(({ name, sessions }) =>
        (sessions?.newest ?? []).map((session) => ({ ...session, bot: name })),
      )
      .toSorted((a, b) => b.lastActiveAt - a.lastActiveAt),
  };
}

/** The numbers at the top. */
export function totals(fleet, nowMs) {
  const bots = fleet.picture?.bots ?? [];
  const usages = [fleet.picture?.usage, ...bots.map(({ usage }) => usage)].filter(Boolean);
  const tones = bots.map((bot) => verdict(bot, nowMs).tone);
  return {
    bots: bots.length,
    good: tones.filter((tone) => tone === "good").length,
    off: tones.filter((tone) => tone === "off").length,
    worst: ["bad", "warn", "busy"].find((tone) => tones.includes(tone)) ?? "good",
    waiting: sum(bots.map(({ intake }) => intake?.depth ?? 0)),
    deadLetters: sum(bots.map(({ intake }) => intake?.deadLetterCount ?? 0)),
    memoryBytes: sum(usages.map(({ memoryBytes }) => memoryBytes)),
    cpuPercent: sum(usages.map(({ cpuPercent }) => cpuPercent ?? 0)),
  };
}

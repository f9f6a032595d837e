import type { FleetPicture, PictureBot } from "../../control/contract/picture.ts";
import type { Health } from "./health.ts";

type Labels = Readonly<Record<string, string>>;
type Value = readonly [labels: Labels, value: number];

interface Metric {
  readonly name: string;
  readonly type: "gauge" | "counter";
  readonly help: string;
  readonly values: readonly Value[];
}

/** The fleet in the text format of Prometheus (version 0.0.4). Names of bots, numbers, and nothing else. Pure. */
export function prometheusText(fleet: FleetPicture, health: Health): string {
  const bots = fleet.bots;
  const perBot = (read: (bot: PictureBot) => number | undefined | null): Value[] =>
    bots.flatMap((bot): Value[] => {
      const value = read(bot);
      return value === undefined || value === null ? [] : [[{ bot: bot.name }, value]];
    });
  const metrics: Metric[] = [
    gauge("fleet_healthy", "1 where /health says ok.", [[{}, health.ok ? 1 : 0]]),
    gauge("supervisor_start_time_seconds", "When the supervisor began.", [
      [{}, fleet.startedAt / 1_000],
    ]),
    gauge(
      "supervisor_memory_bytes",
      "Resident memory of the supervisor.",
      fleet.usage === undefined ? [] : [[{}, fleet.usage.memoryBytes]],
    ),
    gauge(
      "bot_state",
      "1 for the state that the bot is in, as its supervisor sees it.",
      bots.map(({ name, role, state }): Value => [{ bot: name, role, state }, 1]),
    ),
    gauge(
      "bot_receiving",
      "1 for what the bot's receiving side does: polling, reading, conflict, ...",
      bots.map(({ name, polling }): Value => [{ bot: name, state: polling.state }, 1]),
    ),
    gauge("bot_up", "1 where the bot is ready and answers.", perBot(isUp)),
    gauge(
      "bot_start_time_seconds",
      "When the bot's present process began.",
      perBot(({ pid, startedAt }) => (pid === undefined ? undefined : seconds(startedAt))),
    ),
    counter(
      "bot_restarts_total",
      "Restarts after ends that nobody asked for, since the supervisor began.",
      perBot(({ restarts }) => restarts),
    ),
    gauge(
      "bot_last_poll_time_seconds",
      "When the last getUpdates came back well.",
      perBot(({ lastPollCompletedAt }) => seconds(lastPollCompletedAt)),
    ),
    gauge(
      "bot_updates_waiting",
      "Updates in the log that the bot has not handled.",
      perBot(({ intake }) => intake?.depth),
    ),
    gauge(
      "bot_oldest_waiting_time_seconds",
      "When the oldest of them was received.",
      perBot(({ intake }) => seconds(intake?.oldestUnhandledAt)),
    ),
    gauge(
      "bot_dead_letters",
      "Updates that the bot gave up.",
      perBot(({ intake }) => intake?.deadLetterCount),
    ),
    gauge(
      "bot_answers_waiting",
      "Answers that wait to be sent.",
      perBot(({ sending }) => sending?.waitingAnswers),
    ),
    gauge(
      "bot_flood_until_time_seconds",
      "Until when Telegram wants silence.",
      perBot(({ sending }) => seconds(sending?.floodUntil)),
    ),
    gauge(
      "bot_errors_last_day",
      "Errors of the last 24 hours by kind; they survive restarts.",
      bots.flatMap(({ name, errors }) =>
        Object.entries(errors).map(([kind, count]): Value => [{ bot: name, kind }, count]),
      ),
    ),
    counter(
      "bot_handler_failures_total",
      "Attempts of handlers that failed, since the bot's process began.",
      perBot(({ intake }) => intake?.handled?.failedAttempts),
    ),
    gauge(
      "bot_memory_bytes",
      "Resident memory of the bot's processes.",
      perBot(({ usage }) => usage?.memoryBytes),
    ),
    gauge(
      "bot_cpu_percent",
      "CPU of the bot's processes, of one core, since the look before.",
      perBot(({ usage }) => usage?.cpuPercent),
    ),
    gauge(
      "bot_processes",
      "Processes of the bot, itself included.",
      perBot(({ usage }) => usage?.processes),
    ),
  ];
  return [...metrics.map(formatMetric), handlingHistogram(bots)].join("");
}

function gauge(name: string, help: string, values: readonly Value[]): Metric {
  return { name: `tg_${name}`, type: "gauge", help, values };
}

function counter(name: string, help: string, values: readonly Value[]): Metric {
  return { ...gauge(name, help, values), type: "counter" };
}

function isUp({ state, silentSince }: PictureBot): number {
  return state === "ready" && silentSince === undefined ? 1 : 0;
}

function seconds(ms: number | null | undefined): number | undefined {
  return ms === null || ms === undefined ? undefined : ms / 1_000;
}

function handlingHistogram(bots: readonly PictureBot[]): string {
  const name = "tg_bot_handling_seconds";
  const lines = bots.flatMap(({ name: bot, intake }) => {
    const handled = intake?.handled;
    if (handled === undefined) return [];
    return [
      ...handled.within.map(([le, count]) =>
        formatValue(`${name}_bucket`, { bot, le: String(le) }, count),
      ),
      formatValue(`${name}_bucket`, { bot, le: "+Inf" }, handled.count),
      formatValue(`${name}_sum`, { bot }, handled.seconds),
      formatValue(`${name}_count`, { bot }, handled.count),
    ];
  });
  if (lines.length === 0) return "";
  return `# HELP ${name} From received to handled, since the bot's process began.\n# TYPE ${name} histogram\n${lines.join("")}`;
}

function formatMetric({ name, type, help, values }: Metric): string {
  if (values.length === 0) return "";
  const lines = values.map(([labels, value]) => formatValue(name, labels, value));
  return `# HELP ${name} ${help}\n# TYPE ${name} ${type}\n${lines.join("")}`;
}

function formatValue(name: string, labels: Labels, value: number): string {
  const pairs = Object.entries(labels).map(([key, text]) => `${key}="${escapeLabel(text)}"`);
  return `${name}${pairs.length === 0 ? "" : `{${pairs.join(",")}}`} ${value}\n`;
}

function escapeLabel(text: string): string {
  return text.replaceAll("\\", "\\\\").replaceAll('"', '\\"').replaceAll("\n", "\\n");
}

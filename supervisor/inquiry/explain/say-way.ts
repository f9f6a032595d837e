import type { Station, Way } from "../../control/contract/explanation.ts";
import { spanWords } from "./stations.ts";

/** The way of an update for people: what it is, its stations with times and durations, and what came of it. */
export function sayWay(way: Way): string[] {
  const { updateId, botId, kind, conversation, receivedAt, stations, result } = way;
  const width = Math.max(...stations.map(({ bot = "" }) => bot.length));
  return [
    `Update ${updateId} of bot ${botId}: ${kind} in conversation ${conversation}, ${dateOf(receivedAt)} (UTC)`,
    "",
    ...stations.flatMap((station, index) => {
      const before = stations[index - 1]?.at ?? receivedAt;
      const day = dateOf(before) === dateOf(station.at) ? [] : [`  ${dateOf(station.at)}`];
      return [...day, rowOf(station, receivedAt, width)];
    }),
    "",
    result,
  ];
}

function rowOf({ at, bot = "", text }: Station, receivedAt: number, width: number): string {
  const after = `+${spanWords(Math.max(0, at - receivedAt))}`;
  return `  ${timeOf(at)}  ${after.padStart(9)}  ${bot.padEnd(width)}  ${text}`;
}

/** `2026-11-20` */
function dateOf(atMs: number): string {
  return new Date(atMs).toISOString().slice(0, 10);
}

/** `12:00:01.120` */
function timeOf(atMs: number): string {
  return new Date(atMs).toISOString().slice(11, 23);
}

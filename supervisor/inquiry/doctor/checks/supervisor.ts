import { describeTrouble } from "../../../../shared/contract/polling-report.ts";
import { formatDuration } from "../../../../shared/duration.ts";
import type { PictureBot } from "../../../control/contract/picture.ts";
import type { Finding, Patient } from "../finding.ts";

const check = "supervisor";

/** Whether one runs, and what it says of its bots. */
export function checkSupervisor({ fleet, fleetTrouble, stateDir, clock }: Patient): Finding[] {
  if (fleetTrouble !== undefined) return [{ check, level: "fail", text: fleetTrouble }];
  if (fleet === undefined) {
    const text = `No supervisor runs on ${stateDir}. Start the fleet with: npm run supervisor`;
    return [{ check, level: "warn", text }];
  }
  const up = formatDuration(clock.now() - fleet.startedAt);
  return [
    { check, level: "ok", text: `The supervisor runs: pid ${fleet.supervisor.pid}, up ${up}.` },
    ...fleet.bots.map((bot) => findingOf(bot, clock.now())),
  ];
}

function findingOf(bot: PictureBot, nowMs: number): Finding {
  const { name, state, reason = "", polling, rival, silentSince, intake } = bot;
  if (state === "down") return { check, level: "ok", text: `${name} is down: ${reason}.` };
  if (state === "given_up" || state === "backing_off")
    return {
      check,
      level: "fail",
      text: `${name} does not stay up (${state}): ${reason}. See: npx tg-supervisor logs ${name}`,
    };
  if (silentSince !== undefined)
    return {
      check,
      level: "fail",
      text: `${name} does not answer: it is busy, or it hangs and is restarted soon.`,
    };
  if (rival !== undefined)
    return { check, level: "fail", text: `${name}: ${rival.who}. What is done: ${rival.doing}.` };
  const letters = intake?.deadLetterCount ?? 0;
  if (letters > 0)
    return {
      check,
      level: "warn",
      text: `${name} gave up ${letters} update${letters === 1 ? "" : "s"}: npx tg-supervisor dead-letters`,
    };
  const { trouble } = polling;
  const isWell =
    ["polling", "reading", "by_itself"].includes(polling.state) && trouble === undefined;
  const told = [
    polling.reason,
    trouble === undefined
      ? undefined
      : describeTrouble(trouble, nowMs, polling.reason === trouble.what),
  ].filter((part) => part !== undefined);
  const why = told.length === 0 ? "" : `: ${told.join("; ")}`;
  return {
    check,
    level: isWell ? "ok" : "warn",
    text: `${name} is ${state}, ${polling.state}${why}.`,
  };
}

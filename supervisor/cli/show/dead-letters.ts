import { userInfo } from "node:os";
import { parseArgs } from "node:util";
import { systemClock } from "../../../shared/clock.ts";
import { OperationError } from "../../../shared/errors.ts";
import { exitCode } from "../../../shared/exit-code.ts";
import { askPicture, giveOrder, NoSupervisorError } from "../../control/client.ts";
import type { FleetPicture } from "../../control/contract/picture.ts";
import { deadLetterTable } from "../../daemon/status/dead-letter-table.ts";
import { argumentsFor, stateDirHere } from "../arguments.ts";
import { lastFleet } from "./running-fleet.ts";

/** Lists the updates that bots gave up; tries one again, or drops it for good. */
export async function deadLetters(args: readonly string[]): Promise<number> {
  const { letter, json } = argumentsFor("dead-letters [retry|drop <bot> <number>] [--json]", () => {
    const options = { json: { type: "boolean", default: false } } as const;
    const { values, positionals } = parseArgs({ args: [...args], allowPositionals: true, options });
    return { letter: letterOf(positionals), json: values.json };
  });
  const stateDir = stateDirHere();
  if (letter === undefined) return list(stateDir, json);
  const by = `${userInfo().username} (tg-supervisor dead-letters)`;
  const answer = await giveOrder(stateDir, "dead_letter", { ...letter, by }, (words) =>
    console.error(words),
  );
  console.log(json ? JSON.stringify(answer) : answer.said);
  return exitCode.clean;
}

function letterOf(words: readonly string[]) {
  const [order, bot, number, ...rest] = words;
  if (order === undefined) return undefined;
  const seq = Number(number);
  if (order !== "retry" && order !== "drop") throw new Error(`there is no "${order}"`);
  if (bot === undefined || !Number.isSafeInteger(seq) || rest.length > 0)
    throw new Error("a bot and the number of a letter are to be named");
  return { order, bot, seq } as const;
}

async function list(stateDir: string, json: boolean): Promise<number> {
  const fleet = await lastKnown(stateDir);
  if (fleet === undefined) throw new OperationError(`No supervisor ever ran on ${stateDir}.`);
  if (json) {
    const letters = fleet.bots.flatMap(({ name, intake }) =>
      (intake?.deadLetters ?? []).map((letter) => ({ bot: name, ...letter })),
    );
    console.log(JSON.stringify(letters, null, 2));
  } else console.log(deadLetterTable(fleet.bots, systemClock.now()) ?? "No dead letters.");
  return exitCode.clean;
}

async function lastKnown(stateDir: string): Promise<FleetPicture | undefined> {
  try {
    return await askPicture(stateDir);
  } catch (error) {
    if (error instanceof NoSupervisorError) return lastFleet(stateDir);
    throw error;
  }
}

import { userInfo } from "node:os";
import { parseArgs } from "node:util";
import { exitCode } from "../../../shared/exit-code.ts";
import { giveOrder } from "../../control/client.ts";
import type { Answer } from "../../control/contract/orders.ts";
import { argumentsFor, stateDirHere } from "../arguments.ts";

/**
 * `tg-supervisor reload`: the supervisor reads fleet.yaml and .env again; says what is another now.
 * @throws OperationError with file, line and key of what is wrong; nothing has changed then
 */
export async function reload(args: readonly string[]): Promise<number> {
  const { dryRun, json } = argumentsFor("reload [--dry-run] [--json]", () => {
    const flag = { type: "boolean", default: false } as const;
    const { values } = parseArgs({ args: [...args], options: { json: flag, "dry-run": flag } });
    return { dryRun: values["dry-run"], json: values.json };
  });
  const by = `${userInfo().username} (tg-supervisor reload)`;
  const answer = await giveOrder(stateDirHere(), "reload", { check_only: dryRun, by }, (words) =>
    console.error(words),
  );
  console.log(json ? JSON.stringify(answer, null, 2) : difference(answer));
  return exitCode.clean;
}

function difference({ applied, added, removed, changed, later }: Answer<"reload">): string {
  const lines = [
    ...changed.map(({ bot, settings }) => `~ ${bot}: ${settings.join(", ")}`),
    ...added.map((bot) => `+ ${bot}`),
    ...removed.map((bot) => `- ${bot}`),
    ...later.map((key) => `! ${key}: takes effect when the supervisor is restarted`),
  ];
  if (lines.length === 0) return "Nothing has changed.";
  const moves = changed.length + added.length + removed.length > 0;
  const end = applied
    ? moves
      ? "Done. The other bots were left alone."
      : "No bot was touched."
    : "Nothing was done (--dry-run).";
  return [...lines, end].join("\n");
}

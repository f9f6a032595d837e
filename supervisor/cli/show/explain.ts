import { parseArgs } from "node:util";
import { exitCode } from "../../../shared/exit-code.ts";
import { explain } from "../../inquiry/explain/explain.ts";
import { argumentsFor, onlyOne, stateDirHere } from "../arguments.ts";

/** `tg-supervisor explain <update id | link>`: from the files alone, supervisor or not. Exit code 1: nothing known. */
export async function explainUpdate(args: readonly string[]): Promise<number> {
  const usage = "explain <update id | link of a message | chat id/message id> [--json]";
  const { what, json } = argumentsFor(usage, () => {
    // The id of a group begins with a dash, which is no option.
    const words = args.filter((word) => word !== "--json");
    const options = { json: { type: "boolean", default: false } } as const;
    const { values } = parseArgs({ args: args.filter((word) => word === "--json"), options });
    return { what: onlyOne(words, "an update or a message"), json: values.json };
  });
  const explanation = await explain(what, stateDirHere());
  console.log(json ? JSON.stringify(explanation, null, 2) : explanation.said.join("\n"));
  const isKnown = explanation.updates.length + explanation.messages.length > 0;
  return isKnown ? exitCode.clean : exitCode.unexpected;
}

import { OperationError, UsageError } from "../../../shared/errors.ts";
import type { Order } from "../../control/contract/orders.ts";
import type { Fleet } from "../../fleet/fleet.ts";

/**
 * Hands an order about a dead letter to its bot.
 * @throws UsageError for a name that is no bot's; OperationError where there is no such letter to do it with
 */
export function orderDeadLetter(fleet: Fleet, { bot, order, seq }: Order<"dead_letter">): void {
  const view = fleet.list().find(({ name }) => name === bot);
  if (view === undefined) {
    const known = fleet.list().map(({ name }) => name);
    throw new UsageError(`There is no bot "${bot}" in this fleet. It has: ${known.join(", ")}.`);
  }
  const letter = view.intake?.deadLetters.find((each) => each.seq === seq);
  if (letter === undefined) {
    throw new OperationError(
      `${bot} has no dead letter ${seq}. tg-supervisor dead-letters lists what there is.`,
    );
  }
  if (view.state !== "ready") {
    throw new OperationError(
      `${bot} does not run now (${view.state}); only a running bot can ${order} a dead letter.`,
    );
  }
  fleet.tellBot(bot, { type: "dead_letter", order, seq });
}

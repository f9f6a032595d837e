import { availableParallelism } from "node:os";
import { ConfigurationError } from "../../../shared/errors.ts";

/**
 * Asks bots whether they could start so, a few at once: each is a process that loads.
 * @throws ConfigurationError with the words of all that could not
 */
export async function checkBots(
  names: readonly string[],
  check: (name: string) => Promise<unknown>,
  atOnce: number = availableParallelism(),
): Promise<void> {
  const waiting = [...names.entries()];
  const refused: string[] = [];
  const work = async (): Promise<void> => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      const [index, name] = next;
      try {
        await check(name);
      } catch (error) {
        if (!(error instanceof ConfigurationError)) throw error;
        refused[index] = error.message;
      }
    }
  };
  await Promise.all(Array.from({ length: atOnce }, work));
  // In the order of the bots; what to do stands last, and once.
  const lines = refused.flatMap((message) => message.split("\n"));
  const last = lines.at(-1);
  if (last === undefined) return;
  throw new ConfigurationError([...lines.filter((line) => line !== last), last].join("\n"));
}

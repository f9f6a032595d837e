import { readEnvironment } from "../../shared/config/environment.ts";
import { type FleetConfig, loadFleetConfig, stateDirOf } from "../../shared/config/fleet-config.ts";
import { errorMessage, UsageError } from "../../shared/errors.ts";

/** What `read` makes of the arguments. @throws UsageError with what is wrong and how it is right */
export function argumentsFor<Arguments>(usage: string, read: () => Arguments): Arguments {
  try {
    return read();
  } catch (error) {
    throw new UsageError(`${inOneSentence(errorMessage(error))} Usage: tg-supervisor ${usage}`);
  }
}

/** Node adds advice on words that begin with a dash, which is not what went wrong. */
function inOneSentence(message: string): string {
  const [first = message] = message.split(/\. To specify /);
  return `${first.charAt(0).toUpperCase()}${first.slice(1)}.`;
}

/** @throws UsageError for a name that the fleet does not have */
export function requireConfigured(name: string): void {
  const known = configHere().bots.map((bot) => bot.name);
  if (known.includes(name)) return;
  throw new UsageError(`There is no bot "${name}" in this fleet. It has: ${known.join(", ")}.`);
}

/** One word, and nothing behind it. */
export function onlyOne(words: readonly string[], what: string): string {
  const [word, ...rest] = words;
  if (word === undefined) throw new Error(`${what} is to be named`);
  if (rest.length > 0) throw new Error(`"${rest.join(" ")}" is too much`);
  return word;
}

/** Where the state of this working directory's fleet is, also where its fleet.yaml is wrong. */
export function stateDirHere(): string {
  const workingDir = process.cwd();
  return stateDirOf(readEnvironment(process.env, workingDir), workingDir);
}

export function configHere(): FleetConfig {
  return loadFleetConfig(readEnvironment(process.env, process.cwd()), process.cwd());
}

import { exitCode } from "../../../shared/exit-code.ts";
import { argumentsFor, configHere, onlyOne } from "../arguments.ts";
import { completionScript } from "./completion-script.ts";

/** `tg-supervisor completion bash|zsh`: a script for the shell. `completion bots`: what it asks while a person types. */
export async function completion(
  args: readonly string[],
  commands: Readonly<Record<string, { readonly summary: string; readonly takesBot: boolean }>>,
): Promise<number> {
  const shell = argumentsFor("completion bash|zsh", () => {
    const word = onlyOne(args, "a shell");
    if (word === "bash" || word === "zsh" || word === "bots") return word;
    throw new Error(`there is no completion for ${word}`);
  });
  if (shell === "bots") console.log(botNames().join("\n"));
  else process.stdout.write(completionScript(shell, commands));
  return exitCode.clean;
}

/** Nobody wants to read about a wrong fleet.yaml between two key strokes. */
function botNames(): string[] {
  try {
    return configHere().bots.map(({ name }) => name);
  } catch {
    return [];
  }
}

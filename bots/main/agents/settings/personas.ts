import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { ConfigurationError, errorMessage, systemErrorCode } from "../../../../shared/errors.ts";
import { parseYaml } from "../../../../shared/storage/yaml-file.ts";
import { modelName, shortName } from "./agent-settings.ts";

/** How an agent behaves in a session. */
export interface Persona {
  readonly name: string;
  readonly systemPrompt: string;
  /** Undefined: the agent's. */
  readonly model: string | undefined;
}

const personaSchema = z.strictObject({
  system_prompt: z.string({ error: "needs the text that tells the agent who it is" }),
  settings: z
    .strictObject({ model: modelName.optional() })
    .nullish()
    .transform((settings) => settings ?? {}),
});

const builtIn: Persona = {
  name: "default",
  systemPrompt:
    "The person you work for reads your answers in a Telegram chat, often on a phone: be brief, use plain Markdown, " +
    "and name files by their path instead of printing them whole. Your working folder is this session's own.",
  model: undefined,
};

/**
 * The personas of a folder, one YAML file each, by name. `default` is always there.
 * @throws ConfigurationError naming file and key
 */
export function readPersonas(folder: string): ReadonlyMap<string, Persona> {
  const personas = new Map([[builtIn.name, builtIn]]);
  for (const file of filesOf(folder)) {
    const path = join(folder, file);
    const name = shortName.safeParse(file.replace(/\.ya?ml$/, ""));
    if (!name.success)
      throw new ConfigurationError(
        `${path}: the name of a persona ${name.error.issues[0]?.message ?? "is not possible"}. Rename the file.`,
      );
    const { system_prompt: systemPrompt, settings } = parseYaml(read(path), personaSchema, path);
    personas.set(name.data, { name: name.data, systemPrompt, model: settings.model });
  }
  return personas;
}

function filesOf(folder: string): string[] {
  try {
    return readdirSync(folder)
      .filter((file) => /^[^.].*\.ya?ml$/.test(file))
      .toSorted();
  } catch (error) {
    if (systemErrorCode(error) === "ENOENT") return [];
    throw unreadable(folder, error);
  }
}

function read(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    throw unreadable(path, error);
  }
}

function unreadable(path: string, error: unknown): ConfigurationError {
  return new ConfigurationError(
    `${path} cannot be read (${systemErrorCode(error) ?? errorMessage(error)}). Make it readable for this user.`,
    { cause: error },
  );
}

import { isFields } from "../../fields.ts";

/** `env:BASE_RPC` in the options of a bot means the value of that variable: keys do not belong into fleet.yaml. */
const variableName = /^env:([A-Z][A-Z0-9_]*)$/;

/**
 * Options with the values of their variables. One that is not set stays as it is written: only the bot knows whether it
 * can do without.
 */
export function fillOptions(
  options: Readonly<Record<string, unknown>>,
  variables: Readonly<Record<string, string | undefined>>,
): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(options).map(([key, value]) => [key, filled(value, variables)]),
  );
}

function filled(value: unknown, variables: Readonly<Record<string, string | undefined>>): unknown {
  if (Array.isArray(value)) return value.map((each: unknown) => filled(each, variables));
  if (isFields(value)) return fillOptions(value, variables);
  if (typeof value !== "string") return value;
  const name = variableName.exec(value)?.[1];
  return (name === undefined ? undefined : variables[name]) ?? value;
}

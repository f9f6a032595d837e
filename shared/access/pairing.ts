import type { Clock } from "../clock.ts";
import type { Log } from "../logger.ts";
import { changeAccess } from "./access-file.ts";
import { hashCode, isCode, makeCode } from "./pairing-code.ts";

export const codeLifeMs = 10 * 60_000;
/** Codes that may wait at once; a further one takes the place of the oldest. */
const maxCodes = 10;
const longestName = 64;

export interface AccessTools {
  readonly clock: Clock;
  readonly log: Log;
}

/** Makes a code that lets one person in within ten minutes. It is kept as a hash: this is the only sight of it. */
export async function offerCode(path: string, tools: AccessTools): Promise<string> {
  const code = makeCode();
  const nowMs = tools.clock.now();
  await changeAccess(path, tools, (record) => {
    const open = record.codes.filter(({ expiresAtMs }) => expiresAtMs > nowMs);
    const fresh = { ...hashCode(code), expiresAtMs: nowMs + codeLifeMs };
    return { ...record, codes: [...open.slice(1 - maxCodes), fresh] };
  });
  return code;
}

/**
 * Lets a person in and uses up the code, in one step. A person who is in already uses up no code.
 * @returns "unknown" for a code that is wrong, used or expired
 */
export async function redeemCode(
  path: string,
  code: string,
  person: { readonly id: number; readonly name: string },
  tools: AccessTools,
): Promise<"let_in" | "in_already" | "unknown"> {
  const nowMs = tools.clock.now();
  let result: "let_in" | "in_already" | "unknown" = "unknown";
  await changeAccess(path, tools, (record) => {
    if (record.people.some(({ id }) => id === person.id)) {
      result = "in_already";
      return undefined;
    }
    const open = record.codes.filter(({ expiresAtMs }) => expiresAtMs > nowMs);
    const found = open.find((each) => isCode(code, each));
    if (found === undefined) return undefined;
    result = "let_in";
    const newcomer = { id: person.id, name: printable(person.name), pairedAtMs: nowMs };
    return {
      ...record,
      codes: open.filter((each) => each !== found),
      people: [...record.people, newcomer],
    };
  });
  return result;
}

/** @returns false where nobody with this id had been let in by a code */
export async function revoke(path: string, userId: number, tools: AccessTools): Promise<boolean> {
  let wasIn = false;
  await changeAccess(path, tools, (record) => {
    const people = record.people.filter(({ id }) => id !== userId);
    wasIn = people.length < record.people.length;
    return wasIn ? { ...record, people } : undefined;
  });
  return wasIn;
}

/** A stranger chose the name, and an operator's terminal shows it: no control characters, no turned direction. */
function printable(name: string): string {
  // Cut first: half a surrogate pair at the end goes with the rest.
  return name
    .slice(0, longestName)
    .replaceAll(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu, "")
    .trim();
}

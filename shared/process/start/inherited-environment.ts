import { redact } from "../../redact.ts";

type Variables = Readonly<Record<string, string | undefined>>;

/** What every program that we start gets of our own environment. Beside it only what is given to it by name. */
const inherited: readonly string[] = [
  "PATH",
  "HOME",
  "USER",
  "LOGNAME",
  "SHELL",
  "LANG",
  "LANGUAGE",
  "TZ",
  "TMPDIR",
  "NODE_EXTRA_CA_CERTS",
  "SSL_CERT_FILE",
  "SSL_CERT_DIR",
];
const inheritedPatterns: readonly RegExp[] = [/^LC_/, /^XDG_/, /^(https?|all|no)_proxy$/i];

/** Ours, whatever an operator writes: bot tokens and settings, marks, where Telegram is. */
const withheld = /^(TG_|TELEGRAM_|SKIP_TELEGRAM_LOCK$)|_BOT_TOKEN$/;

/**
 * The harmless part of an environment. Everything else stays where it is: tokens, keys of other programs, and what an
 * operator's shell happens to hold.
 * @param more names that this kind of program gets, too
 */
export function inheritedEnvironment(
  parent: Variables,
  more: readonly string[] = [],
): Record<string, string> {
  const names = new Set([...inherited, ...more]);
  const environment: Record<string, string> = {};
  for (const [name, value] of Object.entries(parent)) {
    const isInherited = names.has(name) || inheritedPatterns.some((pattern) => pattern.test(name));
    if (value !== undefined && isInherited) environment[name] = value;
  }
  return environment;
}

/** Names that no agent may get. */
export function isWithheld(name: string): boolean {
  return withheld.test(name);
}

/** Something that looks like a bot token is not handed to an agent, under whatever name it stands. */
export function holdsToken(value: string): boolean {
  return redact(value) !== value;
}

import { redact } from "../../../../shared/redact.ts";

/**
 * What an agent gets of our own environment, beside what is given to it by name. Not NODE_OPTIONS: what holds for a bot
 * does not hold for an agent that happens to run on Node.
 */
const inherited: ReadonlySet<string> = new Set([
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
]);
const inheritedPatterns: readonly RegExp[] = [/^LC_/, /^XDG_/, /^(https?|all|no)_proxy$/i];

/** Ours, whatever an operator writes: bot tokens and settings, marks, where Telegram is. */
const withheld = /^(TG_|TELEGRAM_|SKIP_TELEGRAM_LOCK$)|_BOT_TOKEN$/;

function isInherited(name: string): boolean {
  return inherited.has(name) || inheritedPatterns.some((pattern) => pattern.test(name));
}

/** Names that no agent may get. */
export function isWithheld(name: string): boolean {
  return withheld.test(name);
}

/** Something that looks like a bot token is not handed to an agent, under whatever name it stands. */
export function holdsToken(value: string): boolean {
  return redact(value) !== value;
}

/**
 * The whole environment of an agent.
 * @param additions what the operator gives it, by name
 * @param own what the driver and the sweep need; wins
 */
export function agentEnvironment(
  parent: Readonly<Record<string, string | undefined>>,
  additions: Readonly<Record<string, string>>,
  own: Readonly<Record<string, string>>,
): Record<string, string> {
  const environment: Record<string, string> = {};
  for (const [name, value] of Object.entries(parent))
    if (value !== undefined && isInherited(name)) environment[name] = value;
  for (const [name, value] of Object.entries(additions))
    if (!isWithheld(name) && !holdsToken(value)) environment[name] = value;
  return Object.assign(environment, own);
}

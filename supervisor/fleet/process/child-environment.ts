/**
 * What a child gets of our own environment. Everything else stays here: the tokens of the other bots, keys of other
 * programs, and what an operator's shell happens to hold. What a bot needs besides is given to it by name.
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
  "NODE_ENV",
  // Memory limits and certificates of a machine are set here; they hold for the children as for us.
  "NODE_OPTIONS",
  "NODE_EXTRA_CA_CERTS",
  "NODE_USE_ENV_PROXY",
  "SSL_CERT_FILE",
  "SSL_CERT_DIR",
]);
const inheritedPatterns: readonly RegExp[] = [/^LC_/, /^XDG_/, /^(https?|all|no)_proxy$/i];

function isInherited(name: string): boolean {
  return inherited.has(name) || inheritedPatterns.some((pattern) => pattern.test(name));
}

/** Later ones of `given` win. */
export function childEnvironment(
  parent: NodeJS.ProcessEnv,
  ...given: readonly Readonly<Record<string, string>>[]
): Record<string, string> {
  const environment: Record<string, string> = {};
  for (const [name, value] of Object.entries(parent))
    if (value !== undefined && isInherited(name)) environment[name] = value;
  for (const variables of given) Object.assign(environment, variables);
  return environment;
}

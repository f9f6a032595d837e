import { exitCode } from "../../../shared/exit-code.ts";

export interface ServiceUnit {
  readonly description: string;
  /** A system service runs as `user`; a user service (`systemctl --user`) as whoever owns it. */
  readonly scope: { readonly kind: "system"; readonly user: string } | { readonly kind: "user" };
  /** Absolute path of the node program. */
  readonly nodePath: string;
  /** Absolute path of `scripts/tg-supervisor.mjs`. */
  readonly entry: string;
  readonly args: readonly string[];
  /** Absolute path of the folder with fleet.yaml. */
  readonly workingDirectory: string;
  /** Absolute path of a file with the tokens (mode 0600); undefined where .env in the working directory has them. */
  readonly environmentFile: string | undefined;
  /** Settings of this shell that the service must share: folders, another API root. Never tokens. */
  readonly environment: Readonly<Record<string, string>>;
  /** PATH of the service: agents and systemd-notify are programs that must be found. */
  readonly path: string;
  /** How long the supervisor's own ordered stop may take. */
  readonly stopDeadlineMs: number;
  /** Without a sign of life for so long systemd restarts the service; several times the longest wait of a poll. */
  readonly watchdogSeconds: number;
}

/** systemd's patience beyond ours: it must never be the one who kills. */
const stopMarginSeconds = 15;

/** The text of a systemd unit, with the reasons in it for the person who installs it. Pure. */
export function serviceUnit(unit: ServiceUnit): string {
  const user = unit.scope.kind === "system" ? unit.scope.user : undefined;
  const stopSeconds = Math.ceil(unit.stopDeadlineMs / 1000);
  const restartsChangeNothing = [exitCode.usage, exitCode.tokenRefused, exitCode.configuration];
  const command = [unit.nodePath, unit.entry, ...unit.args];
  const lines = [
    "[Unit]",
    `Description=${specifiers(unit.description)}`,
    // The manager of a user has no such target.
    ...(user === undefined ? [] : ["Wants=network-online.target", "After=network-online.target"]),
    "# The supervisor limits restarts itself; the limits of systemd would leave it failed after a minute of trouble.",
    "StartLimitIntervalSec=0",
    "",
    "[Service]",
    "# READY comes after the first completed poll, through the program systemd-notify: another pid, hence all.",
    "Type=notify",
    "NotifyAccess=all",
    "# Without a network the first poll comes when the network does.",
    "TimeoutStartSec=infinity",
    `WatchdogSec=${unit.watchdogSeconds}`,
    "# node itself: npm and shells do not hand on signals.",
    `ExecStart=${command.map((word) => quoted(word.replaceAll("$", "$$$$"))).join(" ")}`,
    "# Reads fleet.yaml again; a wrong one changes nothing, and the journal says why.",
    "ExecReload=/bin/kill -HUP $MAINPID",
    `WorkingDirectory=${specifiers(unit.workingDirectory)}`,
    ...(user === undefined ? [] : [`User=${user}`]),
    `Environment=${quoted(`PATH=${unit.path}`)}`,
    ...Object.entries(unit.environment).map(
      ([name, value]) => `Environment=${quoted(`${name}=${value}`)}`,
    ),
    ...(unit.environmentFile === undefined
      ? []
      : [`EnvironmentFile=${specifiers(unit.environmentFile)}`]),
    "",
    "Restart=on-failure",
    "RestartSec=2",
    "# Wrong usage, a refused token, a wrong configuration: a person must act first.",
    `RestartPreventExitStatus=${restartsChangeNothing.join(" ")}`,
    "",
    `# SIGTERM goes to the supervisor alone, which stops bots and agents in order within ${stopSeconds} s.`,
    "# Whatever is left after TimeoutStopSec gets SIGKILL.",
    "KillMode=mixed",
    `TimeoutStopSec=${stopSeconds + stopMarginSeconds}`,
    "# An agent that runs out of memory takes down neither the bots nor the supervisor.",
    "OOMPolicy=continue",
    "",
    "# Left out on purpose: PrivateTmp (every checkout must see the polling lock), PrivateNetwork (the poll guard is a",
    "# name in the network namespace), ProtectHome (agents work there), MemoryDenyWriteExecute (JavaScript is compiled",
    "# in memory), RestrictNamespaces and NoNewPrivileges (sandboxes of agents need namespaces and setuid helpers).",
    "UMask=0077",
    // In a user's unit it would need a user namespace, which takes setuid helpers away.
    ...(user === undefined ? [] : ["ProtectSystem=full"]),
    "",
    "[Install]",
    `WantedBy=${user === undefined ? "default.target" : "multi-user.target"}`,
  ];
  return `${lines.join("\n")}\n`;
}

/** systemd.unit(5): % begins a specifier. */
function specifiers(text: string): string {
  return text.replaceAll("%", "%%");
}

/** systemd.syntax(7): one word, whatever is in it. */
function quoted(word: string): string {
  const escaped = specifiers(word).replaceAll("\\", "\\\\").replaceAll('"', '\\"');
  return /^[\w@%+=:,./-]+$/.test(escaped) ? escaped : `"${escaped}"`;
}

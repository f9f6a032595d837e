/**
 * The house: what each folder may import besides itself. Type imports count. Every arrow here is used by some file;
 * the test fails on an arrow that nobody needs any more. `shared` means the single files directly in shared/.
 */
export const arrows: Readonly<Record<string, readonly string[]>> = {
  shared: [],
  "shared/storage": ["shared"],
  "shared/process": ["shared"],
  "shared/telegram": ["shared", "shared/storage"],
  "shared/contract": ["shared", "shared/storage", "shared/process"],
  "shared/config": ["shared", "shared/storage", "shared/process", "shared/telegram"],
  "shared/polling-lock": ["shared", "shared/storage", "shared/process"],
  "shared/outbound": ["shared", "shared/storage", "shared/process", "shared/telegram"],
  "shared/intake": ["shared", "shared/contract", "shared/storage", "shared/telegram"],
  "shared/dispatch": ["shared", "shared/intake", "shared/telegram"],
  "shared/lifecycle": ["shared", "shared/storage", "shared/process"],
  "shared/access": ["shared", "shared/lifecycle", "shared/storage"],
  "shared/bot-runtime": [
    "shared",
    "shared/access",
    "shared/storage",
    "shared/contract",
    "shared/process",
    "shared/telegram",
    "shared/config",
    "shared/polling-lock",
    "shared/lifecycle",
    "shared/intake",
    "shared/dispatch",
    "shared/outbound",
  ],
  "supervisor/sandbox": ["shared", "shared/storage", "shared/telegram"],
  "supervisor/fleet": ["shared", "shared/contract", "shared/process"],
  "supervisor/daemon": [
    "shared",
    "shared/contract",
    "shared/storage",
    "shared/process",
    "shared/telegram",
    "shared/config",
    "shared/polling-lock",
    "shared/lifecycle",
    "shared/outbound",
    "supervisor/control",
    "supervisor/fleet",
    "supervisor/sandbox",
  ],
  "supervisor/control": ["shared", "shared/process"],
  "supervisor/cli": [
    "shared",
    "shared/access",
    "shared/contract",
    "shared/process",
    "shared/config",
    "shared/lifecycle",
    "supervisor/control",
    "supervisor/daemon",
  ],
  supervisor: ["shared", "supervisor/cli"],
  bots: ["shared", "shared/config", "shared/bot-runtime"],
  "bots/main": [
    "shared",
    "shared/contract",
    "shared/storage",
    "shared/process",
    "shared/telegram",
    "shared/bot-runtime",
  ],
  "bots/*": ["shared/bot-runtime"],
  scripts: ["shared", "shared/config", "shared/telegram"],
};

/** Packages that one file alone imports, so that the day they must be replaced is a small one. */
export const soleImporter: Readonly<Record<string, string>> = {
  "markdown-it": "shared/outbound/render/markdown/library.ts",
  "node-telegram-bot-api": "shared/telegram/bot-api.ts",
  "proper-lockfile": "shared/polling-lock/named-lock.ts",
  "tree-kill": "shared/process/terminate.ts",
  winston: "shared/logger.ts",
  yaml: "shared/storage/yaml-file.ts",
};

export const wallClockReader = "shared/clock.ts";
export const maxFilesPerFolder = 12;
export const maxLinesPerFile = 300;
export const forbiddenFolderNames = [
  "utils",
  "helpers",
  "types",
  "interfaces",
  "services",
  "common",
];

/** What a supervisor would hand to a main bot alone on its token. */
export function settingsOf({ token, apiRoot, stateDir }, logLevel) {
  const botId = Number(token.split(":")[0]);
  return {
    name: "main",
    role: "main",
    botId,
    mainBotId: botId,
    tokenBots: ["main"],
    apiRoot,
    stateDir,
    lockDir: stateDir,
    logLevel,
    webhook: "delete",
    pollTimeoutSeconds: 30,
    allowedUsers: [],
    allowedChats: [],
    sandbox: false,
    answers: { maxRichLength: 8_000, numbering: false, maxParts: 10 },
    options: {},
  };
}

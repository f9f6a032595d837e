/** The buttons under an alert: put there by the supervisor, pressed at main, handed back to the supervisor. */
const pattern = /^fleet:restart:([a-z][a-z0-9_]{0,30})$/;

export function restartButton(bot: string): { text: string; callback_data: string } {
  return { text: `Restart ${bot}`, callback_data: `fleet:restart:${bot}` };
}

/** The bot whose restart a press asks for; undefined for every other button. */
export function restartedBy(callbackData: string | undefined): string | undefined {
  return pattern.exec(callbackData ?? "")?.[1];
}

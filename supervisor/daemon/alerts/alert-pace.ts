/** What the supervisor takes of the token's sends; the bots share the rest. */
export const alertsPerSecond = 1;

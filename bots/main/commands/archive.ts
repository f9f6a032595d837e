import type { SessionCommand } from "./session-command.ts";

export const archive: SessionCommand = {
  command: "archive",
  description: "End the active session; its folder stays",
  async run(desk, ctx) {
    const session = await desk.activeSession(ctx);
    if (session === undefined) return;
    await desk.handledNow(ctx);
    const { cancelled, session: name } = await desk.sessions.archive(session);
    const queued =
      cancelled.length === 0
        ? ""
        : ` ${cancelled.length} queued ${cancelled.length === 1 ? "message was" : "messages were"} cancelled.`;
    await desk.reply(ctx, { markdown: `Session '${name}' archived.${queued}` });
  },
};

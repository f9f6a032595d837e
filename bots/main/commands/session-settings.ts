import type { SessionCommand } from "./session-command.ts";

const minuteMs = 60_000;
const longestMinutes = 120;
const noNumber = "Invalid number. Usage: /timeout <minutes>";
const outOfRange = `Timeout must be between 1 and ${longestMinutes} minutes`;

export const timeout: SessionCommand = {
  command: "timeout",
  usage: "<minutes>",
  description: `Set idle timeout (1-${longestMinutes})`,
  async run(desk, ctx, argument) {
    const session = await desk.activeSession(ctx);
    if (session === undefined) return;
    const { name, idleTimeoutMs } = session.record();
    if (argument === "") {
      return desk.reply(ctx, {
        markdown: `Idle timeout: ${timeoutWords(idleTimeoutMs)}\n\nUsage: /timeout <minutes> (1-${longestMinutes})`,
      });
    }
    if (!/^-?\d+$/.test(argument)) return desk.reply(ctx, { markdown: noNumber });
    const minutes = Number(argument);
    if (minutes < 1 || minutes > longestMinutes) return desk.reply(ctx, { markdown: outOfRange });
    session.setIdleTimeout(minutes * minuteMs);
    session.touch();
    await desk.reply(ctx, {
      markdown: `Idle timeout set to ${minutes} minutes for session '${name}'.`,
    });
  },
};

/** The configuration may name any time; `/timeout` sets whole minutes. */
function timeoutWords(ms: number): string {
  return ms % minuteMs === 0 ? `${ms / minuteMs} minutes` : `${ms / 1_000} seconds`;
}

export const model: SessionCommand = {
  command: "model",
  usage: "[name]",
  description: "Show or set the model",
  async run(desk, ctx, argument) {
    const session = await desk.activeSession(ctx);
    if (session === undefined) return;
    const { name, model: current } = session.record();
    if (argument === "") {
      return desk.reply(ctx, {
        markdown: `Model of session '${name}': ${current ?? "the agent's own"}\n\nUsage: /model <name>, or /model default`,
      });
    }
    if (!/^[\w./:@[\]-]{1,100}$/.test(argument) || argument.startsWith("-")) {
      return desk.reply(ctx, { markdown: "Invalid name of a model. Usage: /model <name>" });
    }
    const chosen = argument === "default" ? null : argument;
    const background = session.process?.backgroundTasks ?? 0;
    const when = session.setModel(chosen);
    const ended =
      background === 0
        ? ""
        : ` Its background work (${background}) ends with the process that had the old model.`;
    await desk.reply(ctx, {
      markdown: `Model of session '${name}' set to ${chosen ?? "the agent's own"}. It counts from ${when === "now" ? "the next message" : "the turn after this one"} on.${ended}`,
    });
  },
};

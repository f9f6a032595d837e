import { defineBot } from "../../shared/bot-runtime/define-bot.ts";
import { systemClock } from "../../shared/clock.ts";
import { CommandDesk } from "./commands/command-desk.ts";
import { fleetStatus } from "./commands/fleet-status.ts";
import { stopDraft } from "./commands/stop.ts";
import { help, sessionCommands } from "./commands/table.ts";
import { alertButtons } from "./hearing/alert-buttons.ts";
import { hearMessage } from "./hearing/message.ts";
import { press } from "./hearing/presses.ts";
import { checkOptions, examineAgents } from "./hosting/examine-agents.ts";
import { openSessions } from "./hosting/open-sessions.ts";

export const main = defineBot({
  name: "main",
  description:
    "The main bot of this fleet. It runs coding agents: /new <name> starts a session, then write to it.",
  access: "allowlist",
  allowedUpdates: ["message", "callback_query", "stopped_message_generation"],
  commands: sessionCommands,
  stopDeadlineMs: 15_000,
  check: checkOptions,
  examine: examineAgents,
  async setup(context) {
    const { bot, status, fleet } = context;
    bot.on("callback_query", alertButtons(context));
    const { sessions, chat, files, catalogue } = await openSessions(context);
    const desk = new CommandDesk({ context, sessions, chat, catalogue, clock: systemClock });
    bot.command("status", fleetStatus(status, fleet));
    bot.command("help", help);
    for (const row of sessionCommands) {
      bot.command(row.command, (ctx) => row.run(desk, ctx, String(ctx.match ?? "").trim()));
    }
    bot.on("callback_query", (ctx) => press(desk, ctx));
    // The native stop button of a growing draft, in private chats.
    bot.on("stopped_message_generation", (ctx) => stopDraft(desk, ctx));
    bot.on("message", async (ctx, next) => {
      // What every bot answers comes after us.
      if (/^\/(start|rich|pair)\b/.test(ctx.message?.text ?? "")) return next();
      return hearMessage(desk, files, ctx);
    });
  },
});

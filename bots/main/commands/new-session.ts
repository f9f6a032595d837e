import { OperatorError } from "../../../shared/errors.ts";
import type { NewSession } from "../sessions/sessions.ts";
import type { SessionCommand } from "./session-command.ts";

const usage = "Usage: /new <name> [persona] [--agent <agent>]";

export const newSession: SessionCommand = {
  command: "new",
  usage: "<name> [persona] [--agent x]",
  description: "Start a new session",
  async run(desk, ctx, argument) {
    const wish = readWish(argument);
    if (wish === undefined) return desk.reply(ctx, { markdown: usage });
    try {
      const session = await desk.sessions.create({ ...wish, place: desk.placeOf(ctx) });
      const { name, agent, persona } = session.record();
      const missing = desk.catalogue.list().find((each) => each.name === agent)?.missing;
      const warning = missing === undefined ? "" : `\n\n⚠️ ${missing}`;
      await desk.reply(ctx, {
        markdown: `Session '${name}' created (agent ${agent}, persona ${persona}). Send a message to begin.${warning}`,
      });
    } catch (error) {
      if (!(error instanceof OperatorError)) throw error;
      await desk.reply(ctx, { markdown: error.message });
    }
  },
};

function readWish(argument: string): Omit<NewSession, "place"> | undefined {
  const words = argument.split(/\s+/).filter((word) => word !== "");
  // Phones turn two dashes into a long one.
  const flag = words.findIndex((word) => word === "--agent" || word === "—agent");
  const agent = flag < 0 ? undefined : words[flag + 1];
  if (flag >= 0 && agent === undefined) return undefined;
  const [name, persona, ...more] = flag < 0 ? words : words.toSpliced(flag, 2);
  if (name === undefined || more.length > 0) return undefined;
  return {
    name,
    ...(persona === undefined ? {} : { persona }),
    ...(agent === undefined ? {} : { agent }),
  };
}

import { z } from "zod";
import type { Clock } from "../../../../shared/clock.ts";
import type { DraftDesk } from "../../drafts/draft-desk.ts";
import type { FileStore } from "../../files/file-store.ts";
import type { Form } from "../../http/multipart.ts";
import type { Mailbox } from "../../updates/mailbox.ts";
import type { SandboxBot } from "../../world/model.ts";
import type { World } from "../../world/world.ts";
import type { BotSession } from "./bot-session.ts";
import type { Features } from "./features.ts";
import { badRequest } from "./telegram-error.ts";

/** What a method works on. */
export interface Scene {
  readonly world: World;
  readonly bot: SandboxBot;
  readonly mailbox: Mailbox;
  readonly session: BotSession;
  readonly clock: Clock;
  readonly files: FileStore;
  readonly drafts: DraftDesk;
  readonly features: Features;
  /** Files that came with this call. */
  readonly uploads: Form["uploads"];
}

/** The parameters of a call as they came: text, as in a form; nested values are JSON. */
export type RawParameters = Readonly<Record<string, string>>;

/** `result` of the answer; `json` is already written. `description` accompanies some answers of Telegram. */
export type MethodResult =
  | { readonly value: unknown; readonly description?: string }
  | { readonly json: string };

export interface Method {
  readonly parameters: ReadonlySet<string>;
  run(scene: Scene, raw: RawParameters): MethodResult | Promise<MethodResult>;
}

/** Builds a method from the shape of its parameters. Unknown parameters are ignored, as at Telegram. */
export function defineMethod<Shape extends z.ZodRawShape>(
  shape: Shape,
  run: (
    scene: Scene,
    parameters: z.output<z.ZodObject<Shape>>,
  ) => MethodResult | Promise<MethodResult>,
): Method {
  const schema = z.object(shape);
  return {
    parameters: new Set(Object.keys(shape)),
    run(scene, raw) {
      const parsed = schema.safeParse(raw);
      if (!parsed.success) throw badRequest(problem(parsed.error));
      return run(scene, parsed.data);
    },
  };
}

/** Schemas say the whole sentence themselves; the name of the parameter replaces `$`. */
function problem(error: z.ZodError): string {
  const issue = error.issues[0];
  return (issue?.message ?? "wrong parameters").replaceAll("$", String(issue?.path[0] ?? ""));
}

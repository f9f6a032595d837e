import { z } from "zod";

/** Schemas of parameters as they come over the wire: always text. `$` in a message stands for the parameter's name. */

const mustBeNumber = 'field "$" must be of type Number';

export const integer = z
  .string({ error: mustBeNumber })
  .regex(/^\s*-?\d+\s*$/, mustBeNumber)
  .transform(Number)
  .refine(Number.isSafeInteger, mustBeNumber);

/** `true`, `yes` and `1` are true, everything else is false (telegram-bot-api, `to_bool`). */
export const boolean = z
  .string()
  .transform((text) => ["true", "yes", "1"].includes(text.trim().toLowerCase()));

export const text = z.string();

/** JSON inside a parameter, checked against a schema. */
export function json<Schema extends z.ZodType>(
  schema: Schema,
  problem: string,
): z.ZodType<z.output<Schema>, string> {
  return z.string().transform((source, context) => {
    const fail = (): never => {
      context.addIssue({ code: "custom", message: problem });
      return z.NEVER;
    };
    let value: unknown;
    try {
      value = JSON.parse(source);
    } catch {
      return fail();
    }
    const parsed = schema.safeParse(value);
    return parsed.success ? parsed.data : fail();
  });
}

/** A number or `@username`; resolved by `chat-access.ts`. */
export const chatId = z.string({ error: "chat_id is empty" }).min(1, "chat_id is empty");

export const messageId = z
  .string({ error: "message identifier is not specified" })
  .regex(/^\s*\d+\s*$/, "message identifier is not specified")
  .transform(Number);

import { z } from "zod";
import type { SandboxClient, SandboxMessage } from "./sandbox-client.ts";

const keyboard = z.object({
  inline_keyboard: z.array(z.array(z.object({ text: z.string(), callback_data: z.string() }))),
});

/** Presses the button of a message whose label fits, as the newcomer or as somebody else. */
export async function press(
  sandbox: SandboxClient,
  chat: number,
  message: SandboxMessage,
  label: RegExp,
  from?: number,
): Promise<void> {
  const buttons = keyboard.parse(message["reply_markup"]).inline_keyboard.flat();
  const button = buttons.find(({ text }) => label.test(text));
  if (button === undefined) throw new Error(`no button like ${String(label)}`);
  await sandbox.request(`/sandbox/chats/${chat}/press`, {
    from: from ?? (await sandbox.state()).me,
    message_id: message.message_id,
    data: button.callback_data,
  });
}

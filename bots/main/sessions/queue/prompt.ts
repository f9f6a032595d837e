import type { AgentMessage } from "../../agents/port.ts";
import type { MessageFiles } from "../ports.ts";
import type { StoredMessage } from "./message-ledger.ts";

const repeatNotice =
  "[An earlier attempt at this was interrupted by a restart. See what is already done before you do it again.]";

/** The messages of one turn: one, or the pieces of one in their order. */
export async function composePrompt(
  messages: readonly StoredMessage[],
  folderId: string,
  files: MessageFiles,
): Promise<AgentMessage> {
  const attachments = messages.flatMap((message) => message.attachments);
  const photos = attachments.filter(({ kind }) => kind === "photo");
  const images = await Promise.all(
    photos.map(({ path, mediaType }) => files.readImage(folderId, path, mediaType)),
  );
  return { text: messages.map(textOf).join("\n\n"), images };
}

function textOf({ text, attachments, isRepeat }: StoredMessage): string {
  const files = attachments.map(({ path }) => `[Attached file: ${path}]`);
  return [...(isRepeat ? [repeatNotice] : []), ...(text === "" ? [] : [text]), ...files].join("\n");
}

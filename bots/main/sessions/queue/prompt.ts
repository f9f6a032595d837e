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
  const repeated = messages.some(({ isRepeat }) => isRepeat) ? [repeatNotice] : [];
  return { text: [...repeated, joined(messages)].join("\n"), images };
}

/** A program cuts a long text at the end of a line; another line break than that one would change what was written. */
function joined(messages: readonly StoredMessage[]): string {
  return messages
    .map((message, index) => {
      const isCut = messages[index - 1]?.sent?.as === "long";
      return `${index === 0 ? "" : isCut ? "\n" : "\n\n"}${textOf(message)}`;
    })
    .join("");
}

function textOf({ text, attachments }: StoredMessage): string {
  const files = attachments.map(({ path }) => `[Attached file: ${path}]`);
  return [...(text === "" ? [] : [text]), ...files].join("\n");
}

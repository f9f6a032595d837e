import type { Message } from "../../../shared/telegram/bot-api.ts";
import {
  acceptDocument,
  acceptPhoto,
  acceptVoice,
  FileProblem,
  maxUploadBytes,
} from "../files/accept-file.ts";
import type { FileKind, FileStore, NewFile } from "../files/file-store.ts";
import { messageMedia } from "../files/message-media.ts";
import { findEntities } from "../text/find-entities.ts";
import type { SandboxChat } from "../world/model.ts";
import { bringIn, checkMaySpeak, maxCaptionLength } from "../world/posting.ts";
import { Refusal } from "../world/refusal.ts";
import type { World } from "../world/world.ts";
import type { SendFileOrder } from "./orders.ts";

const acceptors: Readonly<Record<FileKind, typeof acceptPhoto>> = {
  photo: acceptPhoto,
  document: acceptDocument,
  voice: acceptVoice,
};

/** A person sends a photo, a file or a voice message. @throws Refusal */
export async function bringFile(
  world: World,
  files: FileStore,
  chat: SandboxChat,
  kind: FileKind,
  order: SendFileOrder,
): Promise<Message> {
  const caption = order.caption?.trim() ?? "";
  if (caption.length > maxCaptionLength)
    throw new Refusal(`The caption is longer than ${maxCaptionLength} characters.`);
  if (kind === "voice" && order.media_group_id)
    throw new Refusal("Voice messages come alone, in no album.");
  checkMaySpeak(world, chat, order.from);
  const file = await files.add(accept(kind, order.file));
  const entities = findEntities(caption);
  return bringIn(
    world,
    chat,
    order.from,
    {
      threadId: order.message_thread_id ?? undefined,
      replyTo: order.reply_to_message_id ?? undefined,
    },
    {
      ...(order.media_group_id ? { media_group_id: order.media_group_id } : {}),
      ...messageMedia(file),
      ...(caption === "" ? {} : { caption }),
      ...(entities.length === 0 ? {} : { caption_entities: entities }),
    },
  );
}

function accept(kind: FileKind, { name, type, base64 }: SendFileOrder["file"]): NewFile {
  const given = { name: name ?? "", type: type ?? "", bytes: Buffer.from(base64, "base64") };
  if (given.bytes.length > maxUploadBytes)
    throw new Refusal("The file is larger than 50 MB, which is all that this sandbox keeps.");
  try {
    return acceptors[kind](given);
  } catch (error) {
    if (error instanceof FileProblem) throw new Refusal(`The file is refused: ${error.message}`);
    throw error;
  }
}

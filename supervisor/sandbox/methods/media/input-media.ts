import { z } from "zod";
import { type Media, messageMedia } from "../../files/message-media.ts";
import type { Content } from "../../world/posting.ts";
import type { Scene } from "../call/method.ts";
import { badRequest } from "../call/telegram-error.ts";
import { entitySchema, readCaption } from "../content/message-text.ts";
import { looks } from "./send-file.ts";
import { type FileInCall, fileInCall, takeFile } from "./take-file.ts";

/** InputMediaPhoto and InputMediaDocument; the sandbox knows no other media. */
export const inputMedia = z.looseObject({
  type: z.string(),
  media: z.string(),
  caption: z.string().optional(),
  parse_mode: z.string().optional(),
  caption_entities: z.array(entitySchema).optional(),
  show_caption_above_media: z.boolean().optional(),
  has_spoiler: z.boolean().optional(),
});

export interface MediaInCall {
  readonly file: FileInCall;
  readonly content: Content;
}

/** @throws TelegramError 400 */
export function readInputMedia(scene: Scene, media: z.output<typeof inputMedia>): MediaInCall {
  if (media.type !== "photo" && media.type !== "document")
    throw badRequest(`can't parse InputMedia: type must be one of photo, document in this sandbox`);
  const file = fileInCall(scene, media.type, "media", media.media);
  const shown = media.type === "photo" ? looks(media) : {};
  return { file, content: { ...readCaption(media), ...shown } };
}

/** The content of a message with the file stored. @throws TelegramError 400 */
export async function takeMedia(
  scene: Scene,
  { file, content }: MediaInCall,
): Promise<Content & Media> {
  return { ...messageMedia(await takeFile(scene, file)), ...content };
}

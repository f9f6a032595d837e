import type { Message } from "../../../shared/telegram/bot-api.ts";

/** What cannot be given to an agent, as a person calls it. */
const refused = {
  voice: "voice messages",
  video_note: "video messages",
  video: "videos",
  audio: "audio",
  sticker: "stickers",
  story: "stories",
  poll: "polls",
  location: "locations",
  venue: "locations",
  contact: "contacts",
  dice: "dice",
  game: "games",
} as const satisfies Partial<Record<keyof Message, string>>;

const sendableAsFile: ReadonlySet<string> = new Set(["video", "audio"]);

/** The polite answer to a message of a kind that nobody here understands; undefined for all others. */
export function mediaRefusal(message: Message): string | undefined {
  for (const [kind, name] of Object.entries(refused)) {
    if (!(kind in message)) continue;
    const instead = sendableAsFile.has(kind)
      ? "Send it as a file, or tell me in words."
      : "Please write it as text; photos and files are fine, too.";
    return `Sorry, I cannot take ${name} yet. ${instead}`;
  }
  return undefined;
}

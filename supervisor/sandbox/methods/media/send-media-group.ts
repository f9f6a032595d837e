import { z } from "zod";
import type { Message } from "../../../../shared/telegram/bot-api.ts";
import { randomDigits } from "../../world/identity.ts";
import type { Content } from "../../world/posting.ts";
import { defineMethod } from "../call/method.ts";
import { json } from "../call/parameters.ts";
import { addressOf, send, sendingParameters } from "../call/sending.ts";
import { badRequest } from "../call/telegram-error.ts";
import { inputMedia, readInputMedia, takeMedia } from "./input-media.ts";

const minAlbumSize = 2;
const maxAlbumSize = 10;

export const sendMediaGroup = defineMethod(
  {
    ...sendingParameters,
    media: json(z.array(inputMedia), "can't parse media JSON object").optional(),
  },
  async (scene, parameters) => {
    const address = addressOf(scene, parameters);
    const album = (parameters.media ?? []).map((media) => readInputMedia(scene, media));
    if (album.length === 0) throw badRequest("there are no messages to send");
    if (album.length < minAlbumSize) throw badRequest("too few messages to send as an album");
    if (album.length > maxAlbumSize) throw badRequest("too many messages to send as an album");
    if (new Set(album.map(({ file }) => file.kind)).size > 1)
      throw badRequest("document can't be mixed with other media types");
    const contents: Content[] = [];
    for (const media of album) contents.push(await takeMedia(scene, media));
    const group = { media_group_id: randomDigits(scene.world.ports.random, 17) };
    const sent: Message[] = contents.map((content) =>
      send(scene, address, { ...content, ...group }),
    );
    return { value: sent };
  },
);

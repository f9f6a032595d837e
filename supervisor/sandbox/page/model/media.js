/** Pictures that Telegram takes as photos, up to 10 MB (Bot API, sendPhoto). */
const photoTypes = ["image/png", "image/jpeg", "image/gif", "image/webp"];
const maxPhotoBytes = 10 * 2 ** 20;
const maxAlbumSize = 10;
/** What Telegram plays as a voice message (Bot API, sendVoice). */
const voiceTypes = ["audio/ogg", "audio/mpeg", "audio/mp4", "audio/x-m4a"];

/** `812 B`, `12.4 KB`, `3 MB` */
export function byteSize(bytes = 0) {
  if (bytes < 1024) return `${bytes} B`;
  const kilobytes = bytes / 1024;
  const [value, unit] = kilobytes < 1024 ? [kilobytes, "KB"] : [kilobytes / 1024, "MB"];
  return `${value < 100 ? value.toFixed(1).replace(/\.0$/, "") : Math.round(value)} ${unit}`;
}

/** Where the page finds a file of a message. */
export const fileAddress = (file) => `/sandbox/files/${encodeURIComponent(file.file_unique_id)}`;

/** The picture of a message in its largest size. */
export const largest = (photo) => photo.at(-1);

export const canBePhoto = ({ type, size }) => photoTypes.includes(type) && size <= maxPhotoBytes;

export const canBeVoice = ({ type }) => voiceTypes.includes(type);

/** Messages in rows of one, and of all that belong to one album: those follow each other. */
export function groupAlbums(messages) {
  const groups = [];
  for (const message of messages) {
    const last = groups.at(-1);
    const album = message.media_group_id;
    if (album !== undefined && last?.[0].media_group_id === album) last.push(message);
    else groups.push([message]);
  }
  return groups;
}

/**
 * How chosen files are sent: photos and documents in albums of their own, ten at most in one, voice messages each
 * alone; the caption goes with the first of all.
 *
 * @template File
 * @param {readonly File[]} files
 * @param {{ asFiles: boolean, caption: string, newId: () => string }} choices
 */
export function filesToSend(files, { asFiles, caption, newId }) {
  const isPhoto = (file) => !asFiles && canBePhoto(file);
  const isVoice = (file) => !asFiles && canBeVoice(file);
  const kinds = [
    { kind: "photos", chosen: files.filter(isPhoto) },
    { kind: "documents", chosen: files.filter((file) => !isPhoto(file) && !isVoice(file)) },
    { kind: "voices", chosen: files.filter(isVoice) },
  ];
  const sent = kinds.flatMap(({ kind, chosen }) =>
    chosen.map((file, index) => {
      const first = index - (index % maxAlbumSize);
      const alone = chosen.length - first === 1 || kind === "voices";
      return { kind, file, album: alone ? undefined : `${kind}-${first}` };
    }),
  );
  const ids = new Map();
  return sent.map(({ kind, file, album }, index) => {
    if (album !== undefined && !ids.has(album)) ids.set(album, newId());
    return {
      kind,
      file,
      ...(album === undefined ? {} : { media_group_id: ids.get(album) }),
      ...(index === 0 && caption !== "" ? { caption } : {}),
    };
  });
}

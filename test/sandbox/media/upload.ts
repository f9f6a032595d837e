import type { Stage, Told } from "../stage.ts";

/** The beginning of a PNG file, which is all that anybody here looks at; `bytes` long. */
export function pngOf(width: number, height: number, bytes = 33): Buffer {
  const png = Buffer.alloc(bytes);
  Buffer.from("\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "latin1").copy(png);
  png.writeUInt32BE(width, 16);
  png.writeUInt32BE(height, 20);
  return png;
}

export interface Part {
  readonly name: string;
  readonly bytes: Uint8Array | string;
  readonly type?: string;
}

/** A call as a form with files in it. */
export async function upload(
  stage: Stage,
  method: string,
  fields: Readonly<Record<string, unknown>>,
  files: Readonly<Record<string, Part>>,
): Promise<Told> {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields))
    form.set(name, typeof value === "string" ? value : JSON.stringify(value));
  for (const [name, { bytes, type, name: fileName }] of Object.entries(files))
    form.set(name, new Blob([bytes], type === undefined ? {} : { type }), fileName);
  const url = `${stage.sandbox.url}/bot${stage.bot.token}/${method}`;
  const response = await fetch(url, { method: "POST", body: form });
  const told = (await response.json()) as Told;
  return { ...told, status: response.status, headers: response.headers };
}

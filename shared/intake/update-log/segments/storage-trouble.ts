import { describeStorageTrouble } from "../../../storage/trouble.ts";
import { SinkUnavailableError } from "../../update-sink.ts";

/** What an operator reads while updates cannot be stored: which folder, why, what to do, and that nothing is lost. */
export function storageTrouble(place: string, error: unknown): SinkUnavailableError {
  return new SinkUnavailableError(
    `Updates cannot be stored in ${place}: ${describeStorageTrouble(error)}. Nothing is confirmed to Telegram meanwhile; it goes on by itself when the disk does.`,
    { cause: error },
  );
}

import { fetchOwn } from "../../model/door.js";

/** What lies under an id never changes: each is fetched once in the life of the page. */
const fetched = new Map();

async function fetchBlob(path) {
  const response = await fetchOwn(path);
  if (!response.ok) throw new Error("This file is not kept any more.");
  return URL.createObjectURL(await response.blob());
}

/** An address inside of this page for a file behind the door: what a browser loads by itself comes without the key. */
export function blobAddress(path) {
  const known = fetched.get(path);
  if (known !== undefined) return known;
  const address = fetchBlob(path);
  fetched.set(path, address);
  // One that failed is asked for again.
  address.catch(() => fetched.delete(path));
  return address;
}

/** What of the key stays with this port: browsers send cookies to every port of the machine, this to ours alone. */
const place = "key-half";

/** The first visit brings it in the address, from where it is taken before anything else reads that. */
export function enter() {
  const half = /^#half=([\w-]+)$/.exec(location.hash)?.[1];
  if (half === undefined) return;
  localStorage.setItem(place, half);
  history.replaceState(null, "", location.pathname);
}

/** fetch of something behind the door. */
export function fetchOwn(path, { headers, ...options } = {}) {
  const half = localStorage.getItem(place);
  return fetch(path, {
    ...options,
    headers: { ...headers, ...(half === null ? {} : { "x-key-half": half }) },
  });
}

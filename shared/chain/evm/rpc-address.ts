/**
 * How an RPC address is told in logs and errors: its host alone. Keys stand in the path, the query, or before the host,
 * and some providers put them into the first name of the host.
 */
export function shownAddress(address: string): string {
  const { hostname, port } = new URL(address);
  const names = hostname.split(".");
  const shown = names.map((name) => (name.length > 24 ? "…" : name)).join(".");
  return port === "" ? shown : `${shown}:${port}`;
}

/** Takes an address, and every part of it that may be a key, out of what a server said. */
export function withoutAddress(text: string, address: string): string {
  const { username, password, pathname, search, hostname } = new URL(address);
  const secrets = [address, username, password, ...pathname.split("/"), ...hostname.split(".")]
    .concat([...new URLSearchParams(search).values()])
    // Short words are words ("v2", "rpc"); keys are long.
    .filter((part) => part.length >= 8)
    .toSorted((a, b) => b.length - a.length);
  const plain = secrets.reduce((left, secret) => left.replaceAll(secret, "…"), text);
  return plain.length > 200 ? `${plain.slice(0, 200)}…` : plain;
}

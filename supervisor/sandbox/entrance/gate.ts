import type { IncomingMessage } from "node:http";

const loopbackNames = ["127.0.0.1", "localhost", "[::1]"];

/**
 * Who may use the user's side, which drives bots: only pages and programs that know us by a loopback name. A foreign
 * page in the same browser is stopped by its Origin, a rebound DNS name by the Host. Returns why not.
 */
export function refusalOf(request: IncomingMessage, port: number): string | undefined {
  const host = request.headers.host ?? "";
  if (!loopbackNames.some((name) => host === `${name}:${port}`))
    return "Use a loopback address: 127.0.0.1, localhost or [::1].";
  const { origin } = request.headers;
  if (origin !== undefined && origin !== `http://${host}`)
    return "Requests from other pages are refused.";
  const type = request.headers["content-type"]?.split(";", 1)[0]?.trim().toLowerCase();
  if (request.method === "POST" && type !== "application/json")
    return "POST needs content-type application/json.";
  return undefined;
}

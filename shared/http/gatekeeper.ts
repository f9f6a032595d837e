import { createHash, createHmac, randomBytes, timingSafeEqual } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Clock } from "../clock.ts";

export interface GatekeeperOptions {
  readonly token: string;
  /** What the cookie's name begins with. */
  readonly cookie: string;
  readonly clock: Clock;
}

const loopbackNames = ["127.0.0.1", "localhost", "[::1]"];
/** After it the page asks for its key again. */
const sessionMs = 7 * 24 * 3_600_000;

/**
 * Who may use a door of ours on loopback, which every user of the machine can reach: whoever has the token, and a browser
 * that has shown it once and got a cookie. A cookie is signed with the token, so it outlives a restart and dies with it.
 */
export class Gatekeeper {
  private readonly options: GatekeeperOptions;
  private readonly cookieName: string;

  constructor(options: GatekeeperOptions) {
    this.options = options;
    // Tells the cookies of two doors on one machine apart: browsers do not look at the port.
    this.cookieName = `${options.cookie}_${this.sign("the cookie's name").slice(0, 8)}`;
  }

  /** A rebound DNS name is stopped by the Host, another page of the same browser by its Origin. */
  strangerAt(request: IncomingMessage, port: number): string | undefined {
    const { host = "", origin } = request.headers;
    if (!loopbackNames.some((name) => host === `${name}:${port}`))
      return "Use a loopback address: 127.0.0.1, localhost or [::1].";
    if (origin !== undefined && origin !== `http://${host}`)
      return "Requests from other pages are refused.";
    const site = request.headers["sec-fetch-site"];
    // Following a link to the page is `cross-site` too, and shows nothing to the page that has the link.
    const isVisit = request.method === "GET" && request.headers["sec-fetch-mode"] === "navigate";
    if (typeof site === "string" && !["same-origin", "none"].includes(site) && !isVisit)
      return "Requests from other pages are refused.";
    const type = request.headers["content-type"]?.split(";", 1)[0]?.trim().toLowerCase();
    // What a form of another page can send is none of it.
    if (request.method === "POST" && type !== "application/json")
      return "POST needs content-type application/json.";
    return undefined;
  }

  knows(request: IncomingMessage): boolean {
    const bearer = /^Bearer (.+)$/.exec(request.headers.authorization ?? "")?.[1];
    if (bearer !== undefined) return this.isToken(bearer);
    const cookies = (request.headers.cookie ?? "").split(/;\s*/);
    return cookies.some((cookie) => {
      const [name, value = ""] = cookie.split("=", 2);
      return name === this.cookieName && this.isSession(value);
    });
  }

  /**
   * The first visit brings the token in the address; from then on a cookie stands for it, and the token leaves the
   * address. True: this was one, and it is answered.
   */
  admits(request: IncomingMessage, response: ServerResponse): boolean {
    const { method, url = "" } = request;
    const [path, query] = url.split("?", 2);
    const token = new URLSearchParams(query).get("token");
    if (method !== "GET" || path !== "/" || token === null || !this.isToken(token)) return false;
    response.writeHead(303, {
      location: "/",
      "set-cookie": this.newCookie(),
      "cache-control": "no-store",
      "referrer-policy": "no-referrer",
    });
    response.end();
    return true;
  }

  private isToken(shown: string): boolean {
    return sameSecret(shown, this.options.token);
  }

  private newCookie(): string {
    const until = this.options.clock.now() + sessionMs;
    const ticket = `${until}.${randomBytes(12).toString("base64url")}`;
    return `${this.cookieName}=${ticket}.${this.sign(ticket)}; Path=/; HttpOnly; SameSite=Strict; Max-Age=${sessionMs / 1000}`;
  }

  private isSession(value: string): boolean {
    const [until = "", nonce = "", signature = ""] = value.split(".");
    if (!sameSecret(signature, this.sign(`${until}.${nonce}`))) return false;
    return Number(until) > this.options.clock.now();
  }

  private sign(ticket: string): string {
    return createHmac("sha256", this.options.token).update(ticket).digest("base64url");
  }
}

/** In the same time whatever is wrong with it, its length too. */
function sameSecret(shown: string, secret: string): boolean {
  return timingSafeEqual(digest(shown), digest(secret));
}

function digest(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}

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

/** In which header a page of ours sends the half of its ticket that is no cookie. */
const halfHeader = "x-key-half";

/**
 * Who may use a door of ours on loopback, which every user of the machine can reach: whoever has the token, and a browser
 * that has shown it once and got a ticket. Its ticket has two halves. Browsers send a cookie to every port of the machine,
 * and so to any program of any user; the other half stays with the page of this very port. Another program that takes
 * this port while we are gone is sent both: they are signed with a secret of this process, and worth nothing to the next.
 */
export class Gatekeeper {
  private readonly options: GatekeeperOptions;
  private readonly cookieName: string;
  private readonly secret = randomBytes(32);

  constructor(options: GatekeeperOptions) {
    this.options = options;
    // Tells the cookies of two doors on one machine apart: browsers do not look at the port.
    this.cookieName = `${options.cookie}_${signed("the cookie's name", options.token).slice(0, 8)}`;
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

  /** The token, or the cookie alone: enough for the files of a page, which browsers load by themselves. */
  knows(request: IncomingMessage): boolean {
    return this.bearsToken(request) ?? this.ticketsOf(request).length > 0;
  }

  /** The token, or both halves of a ticket: whoever comes with them may do everything. */
  trusts(request: IncomingMessage): boolean {
    const half = String(request.headers[halfHeader] ?? "");
    return (
      this.bearsToken(request) ??
      this.ticketsOf(request).some((ticket) => sameSecret(half, this.halfOf(ticket)))
    );
  }

  /**
   * The first visit brings the token in the address; from then on a ticket stands for it, and the token leaves the
   * address. The half that is no cookie goes to the page in the fragment, which no request shows. True: this was one,
   * and it is answered.
   */
  admits(request: IncomingMessage, response: ServerResponse): boolean {
    const { method, url = "" } = request;
    const [path, query] = url.split("?", 2);
    const token = new URLSearchParams(query).get("token");
    if (method !== "GET" || path !== "/" || token === null || !this.isToken(token)) return false;
    const ticket = this.newTicket();
    response.writeHead(303, {
      location: `/#half=${this.halfOf(ticket)}`,
      "set-cookie": `${this.cookieName}=${ticket}.${signed(ticket, this.secret)}; Path=/; HttpOnly; SameSite=Strict; Max-Age=${sessionMs / 1000}`,
      "cache-control": "no-store",
      "referrer-policy": "no-referrer",
    });
    response.end();
    return true;
  }

  private isToken(shown: string): boolean {
    return sameSecret(shown, this.options.token);
  }

  /** undefined: it shows none. */
  private bearsToken(request: IncomingMessage): boolean | undefined {
    const bearer = /^Bearer (.+)$/.exec(request.headers.authorization ?? "")?.[1];
    return bearer === undefined ? undefined : this.isToken(bearer);
  }

  private newTicket(): string {
    return `${this.options.clock.now() + sessionMs}.${randomBytes(12).toString("base64url")}`;
  }

  private halfOf(ticket: string): string {
    return signed(`the other half of ${ticket}`, this.secret);
  }

  /** Those among the cookies that are ours and still good; another port may have set one of the same name. */
  private ticketsOf(request: IncomingMessage): readonly string[] {
    return (request.headers.cookie ?? "").split(/;\s*/).flatMap((cookie) => {
      const [name, value = ""] = cookie.split("=", 2);
      const [until = "", nonce = "", signature = ""] = value.split(".");
      const ticket = `${until}.${nonce}`;
      const isOurs = name === this.cookieName && sameSecret(signature, signed(ticket, this.secret));
      return isOurs && Number(until) > this.options.clock.now() ? [ticket] : [];
    });
  }
}

function signed(text: string, secret: string | Buffer): string {
  return createHmac("sha256", secret).update(text).digest("base64url");
}

/** In the same time whatever is wrong with it, its length too. */
function sameSecret(shown: string, secret: string): boolean {
  return timingSafeEqual(digest(shown), digest(secret));
}

function digest(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}

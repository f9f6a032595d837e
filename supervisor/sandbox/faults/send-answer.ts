import type { ServerResponse } from "node:http";
import type { Answer } from "../calls/answer.ts";
import type { FaultRule } from "./fault.ts";

const gatewayPage =
  "<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body>\r\n<center><h1>502 Bad Gateway</h1></center>\r\n<hr><center>nginx</center>\r\n</body>\r\n</html>\r\n";

export function sendAnswer(response: ServerResponse, answer: Answer): void {
  response.writeHead(answer.status, {
    "content-type": "application/json",
    "content-length": Buffer.byteLength(answer.body),
    ...(answer.retryAfterSeconds === undefined
      ? {}
      : { "retry-after": String(answer.retryAfterSeconds) }),
  });
  response.end(answer.body);
}

/** What stands in for the answer when a fault hits; `work`: the call is worked on first. */
export function answerInsteadOf(rule: FaultRule): Answer | "reset" | "hang" | "page" | "work" {
  switch (rule.kind) {
    case "status":
      return faultError(
        rule.status ?? 500,
        rule.description ?? "Internal Server Error",
        rule.retry_after,
      );
    case "retry_after": {
      const seconds = rule.retry_after ?? 1;
      return faultError(429, `Too Many Requests: retry after ${seconds}`, seconds);
    }
    case "null":
      return { status: 200, body: "null" };
    case "html":
    case "html200":
      return "page";
    case "reset_before":
      return "reset";
    case "hang":
      return "hang";
    case "truncated":
    case "reset_after":
    case "delay":
      break;
  }
  return "work";
}

/** A gateway's page where JSON should be. Returns its status. */
export function sendPage(response: ServerResponse, rule: FaultRule): number {
  const status = rule.kind === "html200" ? 200 : (rule.status ?? 502);
  response.writeHead(status, { "content-type": "text/html" });
  response.end(gatewayPage);
  return status;
}

/** Promises the whole answer, sends half of it, and closes. */
export function sendTruncated(response: ServerResponse, answer: Answer): void {
  const body = Buffer.from(answer.body);
  response.writeHead(answer.status, {
    "content-type": "application/json",
    "content-length": body.length + 1,
  });
  response.write(body.subarray(0, Math.ceil(body.length / 2)), () =>
    response.socket?.destroySoon(),
  );
}

function faultError(code: number, description: string, retryAfter: number | undefined): Answer {
  const parameters = retryAfter === undefined ? undefined : { retry_after: retryAfter };
  return {
    status: code,
    body: JSON.stringify({
      ok: false,
      error_code: code,
      description,
      ...(parameters && { parameters }),
    }),
    error: description,
    ...(retryAfter === undefined ? {} : { retryAfterSeconds: retryAfter }),
  };
}

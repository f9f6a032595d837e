import type { ServerResponse } from "node:http";

/** Nothing of the fleet is kept by a browser or shown inside of another page. */
export const pageHeaders = {
  "cache-control": "no-store",
  "x-content-type-options": "nosniff",
  "referrer-policy": "no-referrer",
  "x-frame-options": "DENY",
} as const;

export function sendJson(response: ServerResponse, status: number, value: object): void {
  send(response, status, "application/json", `${JSON.stringify(value)}\n`);
}

export function sendText(response: ServerResponse, status: number, text: string): void {
  send(response, status, "text/plain; charset=utf-8", text);
}

function send(response: ServerResponse, status: number, type: string, text: string): void {
  if (response.headersSent || response.destroyed) return;
  response.writeHead(status, {
    ...pageHeaders,
    "content-type": type,
    "content-length": Buffer.byteLength(text),
  });
  response.end(text);
}

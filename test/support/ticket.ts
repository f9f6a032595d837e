/** What a browser holds after its first visit, as the headers that it sends. */
export interface Ticket {
  /** Sent to every port of the machine. */
  readonly cookie: string;
  /** Sent by the page alone. */
  readonly "x-key-half": string;
}

/** Visits a door of ours with its key, as a browser does. @param address with the token */
export async function firstVisit(address: string): Promise<Ticket> {
  const answer = await fetch(address, { redirect: "manual" });
  const [, half = ""] = /^\/#half=([\w-]{43})$/.exec(answer.headers.get("location") ?? "") ?? [];
  const cookie = answer.headers.get("set-cookie")?.split(";")[0] ?? "";
  if (answer.status !== 303 || half === "") throw new Error(`no entrance: ${answer.status}`);
  return { cookie, "x-key-half": half };
}

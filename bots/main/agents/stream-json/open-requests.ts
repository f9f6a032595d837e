import type { AgentReply, AgentRequest } from "../port.ts";
import { fieldsOf } from "./decoding/fields.ts";

interface OpenRequest {
  readonly request: AgentRequest;
  readonly input: unknown;
}

/** The CLI's answer to "may this tool run?". `updatedInput` is required by the older versions. */
export type Permission =
  | { readonly behavior: "allow"; readonly updatedInput: unknown }
  | { readonly behavior: "deny"; readonly message: string };

/** What the agent has asked and nobody has answered. Pure. */
export class OpenRequests {
  private readonly open = new Map<string, OpenRequest>();

  add(request: AgentRequest, input: unknown): void {
    this.open.set(request.id, { request, input });
  }

  /** @returns what to answer, or undefined where it is not open any more */
  answer(id: string, reply: AgentReply): Permission | undefined {
    const open = this.open.get(id);
    this.open.delete(id);
    return open === undefined ? undefined : permissionFor(open, reply);
  }

  /** @returns false where it was not open */
  withdraw(id: string): boolean {
    return this.open.delete(id);
  }

  withdrawAll(): readonly string[] {
    const ids = [...this.open.keys()];
    this.open.clear();
    return ids;
  }
}

function permissionFor({ request, input }: OpenRequest, reply: AgentReply): Permission {
  if (reply.kind === "allow") return { behavior: "allow", updatedInput: input };
  if (reply.kind === "deny")
    return { behavior: "deny", message: reply.message || "The user said no." };
  // Words about a tool are no yes to it.
  if (request.ask.kind === "permission")
    return { behavior: "deny", message: Object.values(reply.answers).join("\n") };
  return {
    behavior: "allow",
    updatedInput: { ...fieldsOf(input), answers: { ...reply.answers } },
  };
}

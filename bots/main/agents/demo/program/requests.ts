import { randomUUID } from "node:crypto";
import { z } from "zod";
import type { Voice } from "./voice.ts";

export const permissionSchema = z.object({
  behavior: z.enum(["allow", "deny"]),
  message: z.string().optional(),
  updatedInput: z.looseObject({ answers: z.record(z.string(), z.string()).optional() }).optional(),
});

export type Permission = z.infer<typeof permissionSchema>;

/** What the demo agent asks and waits for. */
export class Requests {
  private readonly voice: Voice;
  private readonly open = new Map<string, (permission: Permission) => void>();

  constructor(voice: Voice) {
    this.voice = voice;
  }

  ask(tool: string, input: object, signal: AbortSignal): Promise<Permission> {
    const id = randomUUID();
    return new Promise((resolve, reject) => {
      const onAbort = (): void => {
        this.open.delete(id);
        this.voice.line({ type: "control_cancel_request", request_id: id });
        reject(new Error("interrupted"));
      };
      signal.addEventListener("abort", onAbort, { once: true });
      this.open.set(id, (permission) => {
        signal.removeEventListener("abort", onAbort);
        resolve(permission);
      });
      this.voice.line({
        type: "control_request",
        request_id: id,
        request: { subtype: "can_use_tool", tool_name: tool, input, tool_use_id: `toolu_${id}` },
      });
    });
  }

  answered(id: string, permission: Permission): void {
    this.open.get(id)?.(permission);
    this.open.delete(id);
  }
}

import type { AgentEvent } from "../../agents/port.ts";

/** What a reader sees of a turn: whole blocks, the one that grows, and what the agent does at the moment. */
export class AnswerText {
  private readonly blocks: string[] = [];
  private growing = "";
  private readonly tools = new Map<string, string>();
  private trouble: string | undefined;

  get text(): string {
    return [...this.blocks, this.growing].filter((part) => part !== "").join("\n\n");
  }

  /** The tool that runs, or why nothing moves. */
  get activity(): string | undefined {
    return this.trouble ?? [...this.tools.values()].at(-1);
  }

  /** @returns whether there is something new to see */
  take(event: AgentEvent): boolean {
    if (event.kind !== "retrying" && event.kind !== "background") this.trouble = undefined;
    if (event.kind === "partial") this.growing += event.text;
    else if (event.kind === "text") {
      // The same words as those that grew.
      this.growing = "";
      this.blocks.push(event.text);
    } else if (event.kind === "tool") {
      const { id, name, summary } = event;
      this.tools.set(id, summary === "" ? name : `${name}: ${summary}`);
    } else if (event.kind === "tool_end") return this.tools.delete(event.id);
    else if (event.kind === "retrying") this.trouble = `${event.error}; attempt ${event.attempt}`;
    else return false;
    return true;
  }
}

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
    switch (event.kind) {
      case "partial":
        this.growing += event.text;
        return true;
      case "text":
        // The same words as those that grew.
        this.growing = "";
        this.blocks.push(event.text);
        return true;
      case "tool":
        this.tools.set(
          event.id,
          event.summary === "" ? event.name : `${event.name}: ${event.summary}`,
        );
        return true;
      case "tool_end":
        return this.tools.delete(event.id);
      case "retrying":
        this.trouble = `${event.error}; attempt ${event.attempt}`;
        return true;
      default:
        return false;
    }
  }
}

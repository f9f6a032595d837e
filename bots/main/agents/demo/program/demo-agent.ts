import { createInterface } from "node:readline";
import { systemClock } from "../../../../../shared/clock.ts";
import { fieldsOf, listOf, stringOf } from "../../stream-json/decoding/fields.ts";
import { Memory } from "./memory.ts";
import { permissionSchema, Requests } from "./requests.ts";
import { readArguments } from "./start-arguments.ts";
import { Turns } from "./turns.ts";
import { Voice } from "./voice.ts";

// The demo agent as a program: `node demo-agent.js <Claude's flags>`, lines of stream-json in and out.
const args = readArguments(process.argv.slice(2));
// Nobody reads any more: whoever started us is gone.
process.stdout.on("error", () => process.exit(0));

if (process.env["DEMO_AGENT_EXIT_AT_START"] !== undefined) {
  process.stderr.write("error: the demo agent was told to exit at its start\n");
  process.exit(1);
}
await systemClock.sleep(Number(process.env["DEMO_AGENT_START_MS"] ?? 0));

const memory = Memory.open(args.resume);
const wordMs = Number(process.env["DEMO_AGENT_WORD_MS"] ?? 30);
if (memory === undefined) {
  const id = typeof args.resume === "object" ? args.resume.id : "";
  new Voice("00000000-0000-4000-8000-000000000000", args.model, wordMs).notFound(id);
  process.exitCode = 1;
} else {
  listen(memory);
}

function listen(own: Memory): void {
  const voice = new Voice(own.id, args.model, wordMs);
  const requests = new Requests(voice);
  const turns = new Turns(own, args, voice, requests);
  // As the real one: 143, and what its tools do is not its business.
  process.on("SIGTERM", () => process.exit(143));
  const lines = createInterface({ input: process.stdin });
  lines.on("line", (line) => {
    let event: unknown;
    try {
      event = JSON.parse(line);
    } catch {
      process.stderr.write("Error parsing streaming input line\n");
      process.exit(1);
    }
    take(fieldsOf(event), turns, voice, requests);
  });
  lines.on("close", () => {
    void turns.finished().then(() => process.exit(0));
  });
}

function take(
  event: ReturnType<typeof fieldsOf>,
  turns: Turns,
  voice: Voice,
  requests: Requests,
): void {
  if (event["type"] === "user") {
    const content = listOf(fieldsOf(event["message"])["content"]).map(fieldsOf);
    const text = content.map((block) => stringOf(block["text"]) ?? "").join("");
    turns.message(text, content.filter(({ type }) => type === "image").length);
  } else if (event["type"] === "control_request") {
    const request = fieldsOf(event["request"]);
    if (request["subtype"] === "initialize")
      turns.persona = stringOf(request["appendSystemPrompt"]);
    if (request["subtype"] === "interrupt") turns.interrupt();
    const response = { subtype: "success", request_id: event["request_id"], response: {} };
    voice.line({ type: "control_response", response });
  } else if (event["type"] === "control_response") {
    const response = fieldsOf(event["response"]);
    const permission = permissionSchema.safeParse(response["response"]);
    if (permission.success)
      requests.answered(stringOf(response["request_id"]) ?? "", permission.data);
  }
}

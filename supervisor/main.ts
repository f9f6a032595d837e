import { runProgram } from "../shared/program.ts";
import { runCommand } from "./cli/commands.ts";

await runProgram(runCommand);

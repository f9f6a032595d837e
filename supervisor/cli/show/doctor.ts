import { parseArgs } from "node:util";
import { systemClock } from "../../../shared/clock.ts";
import { exitCode } from "../../../shared/exit-code.ts";
import { createLog } from "../../../shared/logger.ts";
import { examine, treat } from "../../inquiry/doctor/doctor.ts";
import type { Finding } from "../../inquiry/doctor/finding.ts";
import { admit } from "../../inquiry/doctor/patient.ts";
import { argumentsFor } from "../arguments.ts";

/** `tg-supervisor doctor`: looks at everything a fleet needs; with `--fix` does what is safe. Exit code 1 with a failure. */
export async function doctor(args: readonly string[]): Promise<number> {
  const { fix, json } = argumentsFor("doctor [--fix] [--json]", () => {
    const flag = { type: "boolean", default: false } as const;
    return parseArgs({ args: [...args], options: { fix: flag, json: flag } }).values;
  });
  const log = createLog({ label: "doctor", level: "error", print: (line) => console.error(line) });
  const look = async (): Promise<Finding[]> =>
    await examine(await admit(process.env, process.cwd(), systemClock, log));
  const before = await look();
  const done = fix ? await treat(before) : [];
  const findings = done.length > 0 ? await look() : before;
  if (json) console.log(JSON.stringify({ done, findings: findings.map(plain) }, null, 2));
  else console.log([...done, ...findings.map(sentence), summary(findings)].join("\n"));
  return findings.some(({ level }) => level === "fail") ? exitCode.unexpected : exitCode.clean;
}

function plain({ check, level, text, fix }: Finding): object {
  return { check, level, text, ...(fix === undefined ? {} : { fix: fix.text }) };
}

function sentence({ level, text }: Finding): string {
  const words = { ok: "ok  ", warn: "warn", fail: "FAIL" } as const;
  return `${words[level]}  ${text.replaceAll("\n", "\n      ")}`;
}

function summary(findings: readonly Finding[]): string {
  const count = (level: Finding["level"]): number =>
    findings.filter((finding) => finding.level === level).length;
  const fixable = findings.some(({ fix }) => fix !== undefined);
  const how = fixable ? " Some of it can be done for you: npx tg-supervisor doctor --fix" : "";
  return `\n${plural(count("fail"), "failure")}, ${plural(count("warn"), "warning")}, ${count("ok")} fine.${how}`;
}

function plural(count: number, word: string): string {
  return `${count} ${word}${count === 1 ? "" : "s"}`;
}

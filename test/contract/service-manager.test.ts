import { chmodSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { FleetHome } from "../support/fleet-home.ts";
import { eventually } from "../support/program.ts";

const home = new FleetHome();

afterAll(() => home.remove());

it("systemd hears READY after the first completed poll, signs of life, and STOPPING", async () => {
  const bin = join(home.dir, "bin");
  const heard = join(home.dir, "heard");
  mkdirSync(bin);
  writeFileSync(heard, "");
  writeFileSync(join(bin, "systemd-notify"), `#!/bin/sh\necho "$@" >> ${heard}\n`);
  chmodSync(join(bin, "systemd-notify"), 0o755);
  const supervisor = home.supervisor({
    PATH: `${bin}:${process.env["PATH"] ?? ""}`,
    NOTIFY_SOCKET: join(home.dir, "no-such-socket"),
    WATCHDOG_USEC: "400000",
  });
  const messages = (): string => readFileSync(heard, "utf8");
  await home.allReady(supervisor);
  await eventually(() => messages().includes("READY=1"), messages);
  await eventually(() => messages().includes("WATCHDOG=1"), messages);
  supervisor.kill("SIGTERM");
  expect(await supervisor.end()).toBe(0);
  const order = [...messages().matchAll(/READY=1|STOPPING=1/g)].map(([word]) => word);
  expect(order).toEqual(["READY=1", "STOPPING=1"]);
  expect(messages()).toMatch(/READY=1 STATUS=polling: \w+/);
});

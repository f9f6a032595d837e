import { execFileSync } from "node:child_process";
import { statSync } from "node:fs";
import { dirname } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  askPicture,
  followFleet,
  giveOrder,
  NoSupervisorError,
} from "../../../supervisor/control/client.ts";
import { controlSocketPath } from "../../../supervisor/control/contract/places.ts";
import { Stage } from "./stage.ts";

const stage = new Stage();

beforeAll(() => stage.open());
afterAll(() => stage.close());

describe("the door for commands", () => {
  it("gives an order and brings its answer", async () => {
    expect(await giveOrder(stage.stateDir, "stop", { bot: "main", by: "a test" })).toEqual({
      said: "done",
    });
    expect(stage.host.asked).toContain('stop {"bot":"main","by":"a test"}');
  });

  it.each([
    ["the supervisor's own words", { bot: "nobody" }, /^There is no bot\.$/],
    ["a fault of ours", { bot: "fault" }, /a fault of ours/],
    ["what is wrong with an order", { bot: "" }, /cannot be understood: bot: /],
  ])("tells %s", async (_name, order, message) => {
    await expect(giveOrder(stage.stateDir, "start", order)).rejects.toThrow(message);
  });

  it("says what to do where no supervisor runs", async () => {
    const asking = askPicture("/nonexistent/state");
    await expect(asking).rejects.toThrow(NoSupervisorError);
    await expect(asking).rejects.toThrow(/npm run supervisor/);
  });

  it("sends a snapshot first, then changes, until the reader leaves", async () => {
    const ended = new AbortController();
    const seen: string[] = [];
    for await (const change of followFleet(stage.stateDir, ended.signal)) {
      seen.push(change.type);
      if (change.type === "snapshot") stage.host.tell({ type: "removed", name: "treasury" });
      else ended.abort();
    }
    expect(seen).toEqual(["snapshot", "removed"]);
    await expect.poll(() => stage.host.watching).toBe(0);
  });

  it("is its owner's alone, and so is its folder", () => {
    const socket = controlSocketPath(stage.stateDir);
    expect(statSync(socket).mode & 0o777).toBe(0o600);
    expect(statSync(dirname(socket)).mode & 0o777).toBe(0o700);
  });

  it.skipIf(process.getuid?.() !== 0)("gives nothing to another user (needs root)", () => {
    const socket = controlSocketPath(stage.stateDir);
    const script = `process.setgid(65534); process.setuid(65534);
      const fs = require("node:fs"), tries = [];
      for (const path of ${JSON.stringify([dirname(socket), `${dirname(socket)}/page-token`])})
        try { fs.readdirSync(path); tries.push("read"); } catch (error) { tries.push(error.code); }
      require("node:net").connect(${JSON.stringify(socket)})
        .on("connect", () => { console.log([...tries, "connected"].join()); process.exit(); })
        .on("error", (error) => console.log([...tries, error.code].join()));`;
    // What keeps the stranger out must be the door itself, not the luck of a private folder above it.
    execFileSync("chmod", ["0755", stage.stateDir]);
    const said = execFileSync(process.execPath, ["-e", script], { encoding: "utf8", cwd: "/" });
    expect(said.trim()).toBe("EACCES,EACCES,EACCES");
    execFileSync("chmod", ["0755", dirname(socket)]);
    const openFolder = execFileSync(process.execPath, ["-e", script], {
      encoding: "utf8",
      cwd: "/",
    });
    expect(openFolder.trim()).toBe("read,ENOTDIR,EACCES");
  });
});

import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { pngOf } from "../media/upload.ts";
import { openStage } from "../stage.ts";

let dir: string;

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "sandbox-restart-"));
});

afterEach(() => {
  rmSync(dir, { recursive: true, force: true });
});

describe("a clean restart", () => {
  it("keeps bots, tokens, chats, topics, messages, pending updates and counters", async () => {
    const first = await openStage({ dir });
    first.say("one");
    first.say("two", first.forum);
    await first.call("getUpdates", { allowed_updates: ["message"] });
    await first.call("setMyCommands", { commands: [{ command: "go", description: "Go" }] });
    const before = {
      bot: first.bot,
      state: first.sandbox.user.state(),
      messages: first.sandbox.user.messages(first.forum),
      polling: first.sandbox.user.polling(first.bot.id),
    };
    await first.close();
    expect(first.clock.pendingTimers).toBe(0);
    const second = await openStage({ dir });
    expect({
      bot: second.bot,
      state: second.sandbox.user.state(),
      messages: second.sandbox.user.messages(second.forum),
      polling: second.sandbox.user.polling(second.bot.id),
    }).toEqual({ ...before, polling: { ...before.polling, getUpdatesCalls: 0 } });
    const { result } = await second.call("getUpdates", {});
    second.say("three");
    const next = await second.call("getUpdates", { offset: result.at(-1).update_id + 1 });
    expect(next.result[0].update_id).toBe(result.at(-1).update_id + 1);
    expect((await second.call("getMyCommands")).result).toEqual([
      { command: "go", description: "Go" },
    ]);
    await second.close();
  });

  it("does not bring back what was confirmed", async () => {
    const first = await openStage({ dir });
    first.say("one");
    const { result } = await first.call("getUpdates", {});
    await first.call("getUpdates", { offset: result[0].update_id + 1 });
    await first.close();
    const second = await openStage({ dir });
    expect((await second.call("getUpdates", {})).result).toEqual([]);
    await second.close();
  });
});

describe("files", () => {
  it("are for their owner alone", async () => {
    const stage = await openStage({ dir });
    stage.say("hello");
    await stage.sandbox.user.sendFile(stage.dialog, "photo", {
      from: stage.me,
      file: { base64: pngOf(4, 3).toString("base64") },
    });
    await stage.close();
    const modes = readdirSync(dir, { recursive: true, withFileTypes: true }).map((entry) => {
      const mode = statSync(join(entry.parentPath, entry.name)).mode & 0o777;
      return [entry.isDirectory() ? "folder" : "file", mode.toString(8)];
    });
    expect(modes).toContainEqual(["folder", "700"]);
    expect(modes.filter(([kind]) => kind === "file")).toHaveLength(3);
    for (const [kind, mode] of modes) expect(mode).toBe(kind === "folder" ? "700" : "600");
  });

  it("that were sent are there after a restart, with their ids", async () => {
    const first = await openStage({ dir });
    const { photo } = await first.sandbox.user.sendFile(first.dialog, "photo", {
      from: first.me,
      file: { base64: pngOf(4, 3).toString("base64") },
    });
    const file_id = photo?.[0]?.file_id;
    const told = await first.call("getFile", { file_id });
    await first.close();
    const second = await openStage({ dir });
    expect((await second.call("getFile", { file_id })).result).toEqual(told.result);
    const { file_path } = told.result;
    const got = await fetch(`${second.sandbox.url}/file/bot${second.bot.token}/${file_path}`);
    expect(Buffer.from(await got.arrayBuffer())).toEqual(pngOf(4, 3));
    const sent = await second.call("sendPhoto", { chat_id: second.me, photo: file_id });
    expect(sent.result.photo[0].file_id).toBe(file_id);
    await second.close();
  });

  it("of a sandbox from before files and topics of bots are read", async () => {
    const first = await openStage({ dir });
    first.say("hello");
    await first.close();
    const path = join(dir, "state.json");
    const state = JSON.parse(readFileSync(path, "utf8"));
    delete state.files;
    for (const bot of state.world.bots) delete bot.hasTopics;
    writeFileSync(path, JSON.stringify(state));
    const second = await openStage({ dir });
    expect(second.bot).toEqual(first.bot);
    await second.close();
  });

  it.each([
    ["a broken snapshot", "state.json", "{"],
    ["a snapshot of another format", "state.json", `{"format":99}`],
    ["broken counters", "counters.json", "x"],
  ])("%s is set aside with its companion, and new bot ids begin", async (_, name, content) => {
    const first = await openStage({ dir });
    first.say("hello");
    await first.close();
    writeFileSync(join(dir, name), content);
    const second = await openStage({ dir });
    expect(second.bot.id).not.toBe(first.bot.id);
    expect(second.log.of("error").join("\n")).toContain("begins anew");
    await second.close();
    const aside = readdirSync(dir).filter((file) => file.includes(".broken-"));
    expect(aside).toHaveLength(2);
    expect(readFileSync(join(dir, aside.find((file) => file.startsWith(name)) ?? ""), "utf8")).toBe(
      content,
    );
  });

  it("missing counters beside a snapshot are no reason to trust old ids", async () => {
    const first = await openStage({ dir });
    first.say("hello");
    await first.close();
    rmSync(join(dir, "counters.json"));
    const second = await openStage({ dir });
    expect(second.bot.id).not.toBe(first.bot.id);
    await second.close();
  });
});

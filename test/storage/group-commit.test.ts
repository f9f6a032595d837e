import { describe, expect, it } from "vitest";
import { GroupCommit } from "../../shared/storage/group-commit.ts";
import { MemoryStorage } from "../outbound/stage/memory-storage.ts";

async function open(): Promise<{ storage: MemoryStorage; commits: GroupCommit }> {
  const storage = new MemoryStorage("");
  const file = await storage.openForAppend();
  return { storage, commits: new GroupCommit(file, 0, async () => undefined) };
}

describe("appending for many at once", () => {
  it("what is said together, or while the disk is busy, shares a write and a sync", async () => {
    const { storage, commits } = await open();
    const release = storage.hold();
    const first = commits.commit("a\n");
    await Promise.resolve();
    await Promise.resolve();
    const others = ["b\n", "c\n", "d\n"].map((text) => commits.commit(text));
    release();
    await Promise.all([first, ...others]);
    expect(storage.text).toBe("a\nb\nc\nd\n");
    expect(storage.count("sync")).toBe(2);
  });

  it("a note is written at once and costs no sync of its own", async () => {
    const { storage, commits } = await open();
    commits.note("n\n");
    await commits.idle();
    expect(storage.text).toBe("n\n");
    expect(storage.count("sync")).toBe(0);
    await commits.commit("a\n");
    expect(storage.safe?.toString()).toBe("n\na\n");
  });

  it.each(["ENOSPC", "EIO"])(
    "%s: refused, nothing of it stays, the next one is fine",
    async (code) => {
      const { storage, commits } = await open();
      await commits.commit("a\n");
      storage.break("append", code, 3);
      await expect(commits.commit("refused\n")).rejects.toThrow(code);
      expect(storage.text).toBe("a\n");
      storage.heal();
      await commits.commit("b\n");
      expect(storage.text).toBe("a\nb\n");
    },
  );

  it("a sync that fails refuses what is in the file already, and cuts it off", async () => {
    const { storage, commits } = await open();
    storage.break("sync", "EIO");
    await expect(commits.commit("refused\n")).rejects.toThrow("EIO");
    expect(storage.text).toBe("");
  });

  it("while the file cannot be cut back nothing more is written", async () => {
    const storage = new MemoryStorage("");
    const file = await storage.openForAppend();
    let canCut = false;
    const commits = new GroupCommit(
      {
        ...file,
        truncate: async (length) => {
          if (!canCut) throw new Error("no cut");
          await file.truncate(length);
        },
      },
      0,
      async () => undefined,
    );
    storage.break("append", "ENOSPC", 3);
    await expect(commits.commit("refused\n")).rejects.toThrow("ENOSPC");
    storage.heal();
    await expect(commits.commit("next\n")).rejects.toThrow("no cut");
    expect(storage.text).toBe("ref");
    canCut = true;
    await commits.commit("next\n");
    expect(storage.text).toBe("next\n");
  });

  it("keeps notes that the disk refused, and writes them first", async () => {
    const { storage, commits } = await open();
    storage.break("append", "ENOSPC");
    commits.note("n\n");
    await commits.idle();
    storage.heal();
    await commits.commit("a\n");
    expect(storage.text).toBe("n\na\n");
  });

  it("tells that it is safe before anything else happens to the file", async () => {
    const storage = new MemoryStorage("");
    const order: string[] = [];
    const commits = new GroupCommit(await storage.openForAppend(), 0, async () => {
      order.push("after write");
    });
    await commits.commit("a\n", () => order.push("safe"));
    await commits.idle();
    expect(order).toEqual(["safe", "after write"]);
  });
});

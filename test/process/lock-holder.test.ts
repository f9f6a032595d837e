import { randomUUID } from "node:crypto";
import { expect, it } from "vitest";
import { tryBind } from "../../shared/process/kernel-lock.ts";
import { findLockHolder } from "../../shared/process/lock-holder.ts";

it.skipIf(process.platform !== "linux")(
  "the holder of a kernel lock is found by its socket",
  async () => {
    const name = `test ${randomUUID()}`;
    expect(findLockHolder(name)).toBeUndefined();
    const lock = await tryBind(name);
    expect(findLockHolder(name)?.pid).toBe(process.pid);
    await lock?.release();
    expect(findLockHolder(name)).toBeUndefined();
  },
);

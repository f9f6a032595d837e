import { expect, it } from "vitest";
import { Closers } from "../../../supervisor/daemon/closers.ts";

it("closes the other way round, each after the one before", async () => {
  const closed: string[] = [];
  const closers = new Closers();
  closers.add(() => closed.push("first opened"));
  closers.add(async () => {
    await Promise.resolve();
    closed.push("opened next");
  });
  await closers.close();
  expect(closed).toEqual(["opened next", "first opened"]);
});

it("one that fails keeps none open, and its error comes out", async () => {
  const closed: string[] = [];
  const closers = new Closers();
  closers.add(() => closed.push("first opened"));
  closers.add(() => Promise.reject(new Error("will not close")));
  closers.add(() => {
    throw new Error("will not close, either");
  });
  await expect(closers.close()).rejects.toThrow("will not close, either");
  expect(closed).toEqual(["first opened"]);
});

it("closed twice, each is closed once", async () => {
  let times = 0;
  const closers = new Closers();
  closers.add(() => {
    times += 1;
  });
  await closers.close();
  await closers.close();
  expect(times).toBe(1);
});

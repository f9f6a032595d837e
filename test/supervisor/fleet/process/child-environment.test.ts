import { expect, it } from "vitest";
import { childEnvironment } from "../../../../supervisor/fleet/process/child-environment.ts";

it("a child gets the harmless part of our environment and what it is given, nothing else", () => {
  const parent = {
    PATH: "/bin",
    HOME: "/home/op",
    LC_ALL: "C.UTF-8",
    XDG_CONFIG_HOME: "/home/op/.config",
    https_proxy: "http://127.0.0.1:3128",
    NODE_OPTIONS: "--max-old-space-size=256",
    TELEGRAM_BOT_TOKEN: "secret of main",
    TG_STATE_DIR: "/state",
    SKIP_TELEGRAM_LOCK: "1",
    AWS_SECRET_ACCESS_KEY: "secret of somebody",
    TZ: undefined,
  };
  expect(childEnvironment(parent, { TG_BOT_TOKEN: "own" }, { PATH: "/given" })).toEqual({
    PATH: "/given",
    HOME: "/home/op",
    LC_ALL: "C.UTF-8",
    XDG_CONFIG_HOME: "/home/op/.config",
    https_proxy: "http://127.0.0.1:3128",
    NODE_OPTIONS: "--max-old-space-size=256",
    TG_BOT_TOKEN: "own",
  });
});

import { describe, expect, it } from "vitest";
import {
  listenerRoot,
  resolveListenerRoot,
  supervisorListener,
} from "../../../shared/lifecycle/listener-root.ts";

const places = { stateDir: "/srv/fleet/var", workingDir: "/home/dev" };

describe("what is typed after listen or close", () => {
  it.each([
    ["main", "/srv/fleet/var/listeners/main"],
    ["buy_tracker", "/srv/fleet/var/listeners/buy_tracker"],
    [supervisorListener, listenerRoot(places.stateDir, "supervisor")],
    ["/tmp/x", "/tmp/x"],
    ["./x", "/home/dev/x"],
    [".", "/home/dev"],
    ["var/listeners/main", "/home/dev/var/listeners/main"],
    ["../other/", "/home/other"],
  ])("%s means %s", (typed, root) => {
    expect(resolveListenerRoot(typed, places)).toBe(root);
  });

  it.each(["", "Main", "a b", "-x", "ü"])("%j means nothing", (typed) => {
    expect(() => resolveListenerRoot(typed, places)).toThrow(
      /neither the name of a bot nor a path/,
    );
  });
});

import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { readEnvironment } from "../../../../shared/config/environment.ts";
import { loadFleetConfig } from "../../../../shared/config/fleet-config.ts";
import {
  type FleetMaterial,
  planReload,
} from "../../../../supervisor/daemon/reload/plan-reload.ts";

let dir: string;

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "plan-reload-"));
});

afterEach(() => {
  rmSync(dir, { recursive: true, force: true });
});

function material(more: string): FleetMaterial {
  writeFileSync(join(dir, "fleet.yaml"), `bots:\n  main:\n${more}`);
  return {
    config: loadFleetConfig(readEnvironment({}, dir), dir),
    access: {
      apiRoot: "http://127.0.0.1:1",
      tokens: new Map([["main", { token: `4711:${"x".repeat(35)}`, botId: 4711 }]]),
      extraUsers: [],
      sandbox: undefined,
    },
  };
}

describe("what a reload is to do", () => {
  it("names what waits for a restart of the supervisor each time, until it is as it was at the start", () => {
    const started = material("dashboard:\n  port: 8011\n");
    const changed = material("dashboard:\n  port: 8012\n");
    const later = (before: FleetMaterial, after: FleetMaterial): readonly string[] =>
      planReload(before, after, started.config).later;
    expect(later(started, changed)).toEqual(["dashboard.port"]);
    expect(later(changed, changed)).toEqual(["dashboard.port"]);
    expect(later(changed, started)).toEqual([]);
  });
});

import { readFileSync } from "node:fs";
import { expect, it } from "vitest";

const read = (path: string): string =>
  readFileSync(new URL(`../../../../${path}`, import.meta.url), "utf8");

it("the dashboard for Grafana asks for metrics that there are", () => {
  const dashboard = JSON.parse(read("docs/grafana/tg-supervisor.json")) as {
    panels: { targets: { expr: string }[] }[];
  };
  const source = read("supervisor/daemon/metrics/prometheus.ts");
  const expressions = dashboard.panels.flatMap(({ targets }) => targets.map(({ expr }) => expr));
  const asked = new Set(
    expressions.flatMap((text) => [...text.matchAll(/\btg_(\w+)/g)].map(([, name]) => name ?? "")),
  );
  expect(asked.size).toBeGreaterThan(10);
  for (const name of asked)
    expect(source).toContain(name.replace(/^(bot_handling_seconds)_(bucket|count)$/, "$1"));
});

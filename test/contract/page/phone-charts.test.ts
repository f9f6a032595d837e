import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { pageSource } from "../../../supervisor/dashboard/page-source.ts";
import { Stage } from "../../supervisor/control/stage.ts";
import { foundBrowser, launchBrowser, Visitor } from "./browser.ts";

const minuteMs = 60_000;

/** An hour in which everything is large, slow and wrong. */
function busyHour(nowMs: number): object {
  const points = Array.from({ length: 60 }, (_, minute) => ({
    at: Math.floor(nowMs / minuteMs - 59 + minute) * minuteMs,
    handled: 4_000 + minute * 90,
    took: [
      [0.5, 1_000],
      [900, 3_000],
    ],
    errors: { conflict_poller: 300, rate_limited_by_telegram: 200, network_unreachable: 900 },
    memoryBytes: (900 + minute) * 2 ** 20,
  }));
  return { now: nowMs, everyMs: minuteMs, kept: 360, bots: { treasury: points } };
}

const treasury = {
  name: "treasury",
  role: "auxiliary",
  state: "ready",
  since: 1,
  restarts: 0,
  errors: {},
  polling: { state: "polling" },
};

/** Words of which a reader does not see the whole: beyond their drawing, their box, or the window. */
const cutWords = (): string[] => {
  // oxlint-disable-next-line unicorn/consistent-function-scoping -- the browser gets this function and nothing around it
  const isBeyond = (node: Element, frame: { left: number; right: number }): boolean => {
    const { left, right } = node.getBoundingClientRect();
    return left < frame.left - 0.5 || right > frame.right + 0.5;
  };
  const page = { left: 0, right: document.documentElement.clientWidth };
  const words = [...document.querySelectorAll(".chart-word")].filter((node) =>
    isBeyond(node, node.closest("svg")?.getBoundingClientRect() ?? page),
  );
  const boxes = [
    ...document.querySelectorAll(
      ".figures dd, .figures dt, .chart h3, .chart-note, .legend li, .nav a",
    ),
  ].filter((node) => node.scrollWidth > node.clientWidth || isBeyond(node, page));
  const tips = [...document.querySelectorAll(".chart-tip:not([hidden])")].filter((node) =>
    isBeyond(node, page),
  );
  return [...words, ...boxes, ...tips].map((node) => node.textContent);
};

describe.skipIf(foundBrowser.path === undefined)(
  `the page on a phone, on a busy day${foundBrowser.missing}`,
  () => {
    let browser: Browser;
    const stage = new Stage();

    beforeAll(async () => {
      browser = await launchBrowser();
      stage.host.history = busyHour(Date.now());
      await stage.open(pageSource(undefined));
    });

    afterAll(async () => {
      await browser.close();
      await stage.close();
    });

    it.each([320, 699, 700, 820, 899, 900, 1_099])(
      "has room at %d pixels for the longest words of its top line",
      async (width) => {
        const visitor = await Visitor.come(browser, { viewport: { width, height: 600 } });
        const { page } = visitor;
        await page.goto(stage.api.address);
        await page.getByText("Supervisor: process").waitFor();
        const beyond = await page.evaluate(() => {
          const [sign, badge] = ["connection", "letter-count"].map((id) =>
            document.getElementById(id),
          );
          if (!sign || !badge) throw new Error("the top line is another one");
          sign.textContent = "reconnecting";
          badge.textContent = "1000";
          badge.hidden = false;
          const { scrollWidth, clientWidth } = document.documentElement;
          return scrollWidth - clientWidth;
        });
        expect(beyond).toBeLessThanOrEqual(0);
        await visitor.leave();
      },
    );

    it.each([
      [390, "light"],
      [360, "dark"],
      [820, "light"],
    ] as const)(
      "cuts no word of figures, charts and tips at %d pixels",
      async (width, colorScheme) => {
        const visitor = await Visitor.come(browser, {
          viewport: { width, height: 844 },
          colorScheme,
        });
        const { page } = visitor;
        await page.goto(stage.api.address);
        await page.getByText("Supervisor: process").waitFor();
        stage.host.tell({ type: "bot", bot: treasury } as never);
        await page.locator(".chart-bar").first().waitFor();
        expect(await page.evaluate(cutWords)).toEqual([]);
        const charts = page.locator("#view-fleet .chart-stage");
        for (let index = 0; index < (await charts.count()); index += 1) {
          const chart = charts.nth(index);
          await chart.scrollIntoViewIfNeeded();
          const box = await chart.boundingBox();
          if (box === null) throw new Error("a chart is not there");
          for (const share of [0.2, 0.4, 0.55, 0.65, 0.8, 0.97]) {
            await page.mouse.move(box.x + box.width * share, box.y + 60);
            await chart.locator(".chart-tip").waitFor();
            expect(await page.evaluate(cutWords), `chart ${index} at ${share}`).toEqual([]);
          }
        }
        await visitor.picture(`charts-${width}-${colorScheme}`);
        await visitor.leave();
      },
    );
  },
);

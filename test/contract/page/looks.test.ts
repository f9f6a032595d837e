import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { FleetHome } from "../../support/fleet-home.ts";
import type { Program } from "../../support/program.ts";
import { foundBrowser, launchBrowser, Visitor } from "./browser.ts";

const views = ["#/", "#/bot/main", "#/chat", "#/sessions", "#/logs/main", "#/letters"];

/** 0 black, 255 white. */
const brightness = (visitor: Visitor): Promise<number> =>
  visitor.page.evaluate(() => {
    const colour = getComputedStyle(document.body).backgroundColor;
    return Math.max(...(colour.match(/\d+/g) ?? []).slice(0, 3).map(Number));
  });

describe.skipIf(foundBrowser.path === undefined)(
  `how the page looks${foundBrowser.missing}`,
  () => {
    const home = new FleetHome();
    let supervisor: Program;
    let browser: Browser;
    let address: string;

    beforeAll(async () => {
      supervisor = home.supervisor();
      await home.allReady(supervisor);
      const command = home.start("supervisor/main", ["page"]);
      expect(await command.end()).toBe(0);
      address = command.output.trim();
      browser = await launchBrowser();
    });

    afterAll(async () => {
      await browser.close();
      await home.remove();
    });

    it("is dark where the system is, light where it is not", async () => {
      for (const [colorScheme, isDark] of [
        ["dark", true],
        ["light", false],
      ] as const) {
        const visitor = await Visitor.come(browser, { colorScheme });
        await visitor.page.goto(address);
        await visitor.page.locator("tr.bot").first().waitFor();
        expect((await brightness(visitor)) < 60).toBe(isDark);
        await visitor.picture(`fleet-${colorScheme}`);
        await visitor.leave();
      }
    });

    it("keeps the colours that were chosen, and the chat inside takes them at once", async () => {
      const visitor = await Visitor.come(browser, { colorScheme: "light" });
      const { page } = visitor;
      await page.goto(address);
      await page.evaluate(() => {
        location.hash = "#/chat";
      });
      const chat = page.frameLocator("#chat-frame");
      await chat.getByText("Say hello to main").waitFor();
      // The chat has no top of its own here.
      expect(await chat.locator(".top").isVisible()).toBe(false);
      await page.getByRole("button", { name: /^Colours/ }).click();
      await page.getByRole("button", { name: /^Colours/ }).click();
      await chat.locator(':root[data-theme="dark"]').waitFor();
      expect(await brightness(visitor)).toBeLessThan(60);
      await page.reload();
      expect(await brightness(visitor)).toBeLessThan(60);
      await visitor.picture("chat-dark");
      await visitor.leave();
    });

    it.each([
      [390, 844],
      [820, 1100],
      [1280, 860],
    ])("fits a window of %d x %d", async (width, height) => {
      const visitor = await Visitor.come(browser, { viewport: { width, height } });
      await visitor.page.goto(address);
      for (const view of views) {
        await visitor.page.evaluate((hash) => {
          location.hash = hash;
        }, view);
        await visitor.page.locator(".view:not([hidden])").waitFor();
        const overflow = await visitor.page.evaluate(() =>
          [document.documentElement, ...document.querySelectorAll(".view:not([hidden])")].map(
            (node) => node.scrollWidth - node.clientWidth,
          ),
        );
        expect(Math.max(...overflow), view).toBeLessThanOrEqual(0);
        await visitor.picture(`${width}${view.replaceAll(/[#/]+/g, "-")}`);
      }
      expect(visitor.complaints).toEqual([]);
      await visitor.leave();
    });

    it("says so when the supervisor is gone, and what it shows looks old", async () => {
      const visitor = await Visitor.come(browser);
      const { page } = visitor;
      await page.goto(address);
      await page.locator("tr.bot").first().waitFor();
      supervisor.kill("SIGTERM");
      await supervisor.end();
      await page.getByText("What you see is from before").waitFor();
      expect(await page.locator("#connection").textContent()).toBe("reconnecting");
      await visitor.picture("supervisor-gone");
      await visitor.leave();
    });
  },
);

import type { Browser } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { pageSource } from "../../../supervisor/dashboard/page-source.ts";
import { Stage } from "../../supervisor/control/stage.ts";
import { eventually } from "../../support/program.ts";
import { foundBrowser, launchBrowser, Visitor } from "./browser.ts";

const treasury = {
  name: "treasury",
  role: "auxiliary",
  state: "ready",
  since: 1,
  restarts: 0,
  errors: {},
  polling: { state: "polling" },
};

const letter = (seq: number, error: string): object => ({
  seq,
  updateId: 7_000 + seq,
  conversation: "-100/7",
  givenUpAt: 1_000,
  attempts: 5,
  error,
});

const intake = (...deadLetters: object[]): object => ({
  intake: {
    depth: 0,
    running: 0,
    oldestUnhandledAt: null,
    deadLetterCount: deadLetters.length,
    deadLetters,
  },
});

/** What a healthy fleet does not show. The doors and the page are real, the fleet behind them is not. */
describe.skipIf(foundBrowser.path === undefined)(
  `the page of an unusual fleet${foundBrowser.missing}`,
  () => {
    let stage: Stage;
    let browser: Browser;
    let visitor: Visitor;

    beforeAll(async () => {
      browser = await launchBrowser();
    });

    afterAll(() => browser.close());

    beforeEach(async () => {
      stage = await new Stage().open(pageSource(undefined));
      visitor = await Visitor.come(browser);
      await visitor.page.goto(stage.api.address);
      await visitor.page.getByText("Supervisor: process").waitFor();
    });

    afterEach(async () => {
      await visitor.leave();
      await stage.close();
    });

    const tell = (change: object): void => {
      stage.host.tell({ type: "bot", bot: { ...treasury, ...change } } as never);
    };

    it("lets dead letters be tried again or dropped, after a question", async () => {
      const { page } = visitor;
      tell(intake(letter(1, "<b>no such wallet</b>"), letter(2, "time-out")));
      await page.getByRole("link", { name: "Dead letters 2" }).click();
      // Whatever an error says is text.
      await page.getByText("<b>no such wallet</b>").waitFor();
      await visitor.picture("dead-letters");
      await page.getByRole("button", { name: "Try again: update 7001 of treasury" }).click();
      await page.getByText("done", { exact: true }).waitFor();
      await page.getByRole("button", { name: "Drop: update 7002 of treasury" }).click();
      await page.getByRole("alertdialog").getByRole("button", { name: "Drop" }).click();
      const asked = await eventually(
        () =>
          stage.host.asked.filter((each) => each.startsWith("dead_letter")).length === 2
            ? stage.host.asked
            : undefined,
        () => stage.host.asked.join("\n"),
      );
      const by = `"by":"the fleet's page"`;
      expect(asked.filter((each) => each.startsWith("dead_letter"))).toEqual([
        `dead_letter {"bot":"treasury","order":"retry","seq":1,${by}}`,
        `dead_letter {"bot":"treasury","order":"drop","seq":2,${by}}`,
      ]);
      tell(intake());
      await page.getByText("None.").waitFor();
    });

    it("says who else polls a token, and what was given up", async () => {
      const { page } = visitor;
      const rival = {
        who: "another program on this machine, process 4711",
        doing: "waiting for it",
      };
      tell({ polling: { state: "conflict" }, rival });
      tell({ name: "broken", state: "given_up", reason: "5 crashes in 10 min: exit code 1" });
      await page.getByText("broken given up: 5 crashes").waitFor();
      const states = await page.locator(".cell-state").allTextContents();
      expect(states).toEqual([
        "conflictanother program on this machine, process 4711; waiting for it",
        "given up5 crashes in 10 min: exit code 1",
      ]);
      await visitor.picture("conflict");
    });

    it("shows the words of a refusal", async () => {
      tell({ name: "nobody" });
      await visitor.page.getByRole("button", { name: "Restart nobody" }).click();
      const toast = visitor.page.locator(".toast");
      expect(await toast.textContent()).toBe("There is no bot.");
    });

    it("has no chat where the fleet talks to Telegram itself", async () => {
      await visitor.page.getByRole("link", { name: "Chat", exact: true }).click();
      await visitor.page.getByText("talks to Telegram itself").waitFor();
      expect(await visitor.page.locator("iframe").isVisible()).toBe(false);
    });

    it("asks a visitor without a key for it", async () => {
      await visitor.page.context().clearCookies();
      await visitor.page.reload();
      expect(await visitor.page.textContent("body")).toContain("npx tg-supervisor page");
    });

    it("asks for its key again after a restart of the supervisor, and goes on once it has it", async () => {
      const { page } = visitor;
      const { port } = stage;
      await stage.api.close();
      await stage.open(pageSource(undefined), port);
      await page.getByText("the supervisor was restarted").waitFor();
      await page.getByText("npx tg-supervisor page").waitFor();
      const other = await page.context().newPage();
      await other.goto(stage.api.address);
      await other.getByText("Supervisor: process").waitFor();
      await page.locator("#connection", { hasText: "live" }).waitFor();
      expect(await page.locator("#notice").isVisible()).toBe(false);
    });

    it("has no half of its key in the address or in the cookies", async () => {
      const { page } = visitor;
      expect(page.url()).toBe(`${stage.api.url}/`);
      expect(await page.evaluate(() => document.cookie)).toBe("");
      const half = await page.evaluate(() => localStorage.getItem("key-half"));
      expect(half).toMatch(/^[\w-]{43}$/);
      expect(JSON.stringify(await page.context().cookies())).not.toContain(half);
    });

    it("says that its key is old when the supervisor has another one", async () => {
      const { port } = stage;
      await stage.close();
      stage = await new Stage().open(pageSource(undefined), port);
      await visitor.page.getByText("key is no longer valid").waitFor();
      expect(await visitor.page.locator("#connection").textContent()).toBe("locked");
    });
  },
);

import { readFileSync } from "node:fs";
import type { Browser, FrameLocator } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { FleetHome } from "../../support/fleet-home.ts";
import { eventually, type Program } from "../../support/program.ts";
import { SandboxClient } from "../../support/sandbox-client.ts";
import { foundBrowser, launchBrowser, Visitor } from "./browser.ts";

/** One pixel. */
const png =
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";
const notes = Buffer.from("some notes").toString("base64");

describe.skipIf(foundBrowser.path === undefined)(
  `the page behind its door${foundBrowser.missing}`,
  () => {
    const home = new FleetHome({ fleetYaml: "bots:\n  main:\n" });
    let supervisor: Program;
    let sandbox: SandboxClient;
    let browser: Browser;
    let visitor: Visitor;

    beforeAll(async () => {
      supervisor = home.supervisor();
      await home.allReady(supervisor);
      sandbox = await SandboxClient.of(supervisor);
      const command = home.start("supervisor/main", ["page"]);
      expect(await command.end()).toBe(0);
      browser = await launchBrowser();
      visitor = await Visitor.come(browser);
      await visitor.page.goto(command.output.trim());
      await visitor.page.locator("#connection", { hasText: "live" }).waitFor();
    });

    afterAll(async () => {
      await browser.close();
      await home.remove();
    });

    const isLive = (): Promise<void> =>
      visitor.page.locator("#connection", { hasText: "live" }).waitFor();

    async function showsFiles(chat: FrameLocator | Visitor["page"]): Promise<void> {
      const picture = chat.locator(".photo img").first();
      await picture.waitFor();
      await eventually(
        () =>
          picture
            .evaluate((img) => (img as HTMLImageElement).naturalWidth > 0)
            .then((shown) => (shown ? true : undefined)),
        () => "the picture is shown",
      );
      const saving = visitor.page.waitForEvent("download");
      await chat.locator("a.file").first().click();
      const saved = await saving;
      expect(saved.suggestedFilename()).toBe("notes.txt");
      expect(readFileSync(await saved.path(), "utf8")).toBe("some notes");
    }

    it("shows the pictures of the chat and saves its files", async () => {
      const chat = await sandbox.privateChat("main");
      const { me } = await sandbox.state();
      await sandbox.request(`/sandbox/chats/${chat}/photos`, {
        from: me,
        file: { name: "dot.png", type: "image/png", base64: png },
      });
      await sandbox.request(`/sandbox/chats/${chat}/documents`, {
        from: me,
        file: { name: "notes.txt", type: "text/plain", base64: notes },
      });
      const { bots } = await sandbox.state();
      const main = bots.find(({ name }) => name === "main")?.id ?? 0;
      await visitor.page.evaluate((id) => {
        location.hash = `#/chat/${id}`;
      }, main);
      await showsFiles(visitor.page.frameLocator("#chat-frame"));
      await visitor.page.goto(`${sandbox.url}/?token=${sandbox.key}`);
      expect(visitor.page.url()).toBe(`${sandbox.url}/`);
      await isLive();
      await visitor.page.evaluate((id) => {
        location.hash = `#/bot/${id}`;
      }, main);
      await showsFiles(visitor.page);
      expect(visitor.complaints).toEqual([]);
    });

    it("says within seconds that the supervisor hangs, and goes on when it does", async () => {
      const command = home.start("supervisor/main", ["page"]);
      expect(await command.end()).toBe(0);
      await visitor.page.goto(command.output.trim());
      await isLive();
      supervisor.kill("SIGSTOP");
      try {
        const sign = visitor.page.locator("#connection", { hasText: "reconnecting" });
        await sign.waitFor({ timeout: 8_000 });
        await visitor.page.getByText("has not answered for").waitFor();
      } finally {
        supervisor.kill("SIGCONT");
      }
      await isLive();
    });
  },
);

import { existsSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { type Browser, type BrowserContextOptions, chromium, type Page } from "playwright-core";
import { repositoryRoot } from "../../support/program.ts";

const usualPlaces = [
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome-stable",
  "/usr/bin/google-chrome",
  "/snap/bin/chromium",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
  "/Applications/Chromium.app/Contents/MacOS/Chromium",
];

interface FoundBrowser {
  readonly path?: string;
  /** Why the tests are skipped, for their names. */
  readonly missing: string;
}

/** The Chromium of this machine. @throws where REQUIRE_BROWSER=1 and there is none */
function findBrowser(): FoundBrowser {
  const named = process.env["CHROME_PATH"];
  const places = named === undefined || named === "" ? usualPlaces : [named];
  const path = places.find((place) => existsSync(place));
  if (path !== undefined) return { path, missing: "" };
  const reason = `no Chromium at ${places.join(", ")}; CHROME_PATH names another place`;
  if (process.env["REQUIRE_BROWSER"] === "1")
    throw new Error(`The page cannot be tested: ${reason}`);
  console.warn(`The tests of the page are skipped: ${reason}`);
  return { missing: ` (skipped: ${reason})` };
}

export const foundBrowser = findBrowser();

export function launchBrowser(): Promise<Browser> {
  return chromium.launch({
    executablePath: foundBrowser.path ?? "",
    // Names that are no address lead nowhere: what the page loads comes from this machine, or the test fails.
    args: ["--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1", "--disable-dev-shm-usage"],
  });
}

/** A visitor with a window and a memory of his own. */
export class Visitor {
  /** What the browser complained about, and every address outside of the page's own. */
  readonly complaints: string[] = [];
  private readonly urls: string[] = [];
  readonly page: Page;

  private constructor(page: Page) {
    this.page = page;
    page.on("pageerror", (error) => this.complaints.push(error.message));
    page.on("console", (line) => {
      if (["error", "warning"].includes(line.type())) this.complaints.push(line.text());
    });
    page.on("request", (request) => this.urls.push(request.url()));
  }

  static async come(browser: Browser, options: BrowserContextOptions = {}): Promise<Visitor> {
    const context = await browser.newContext({
      viewport: { width: 1280, height: 860 },
      reducedMotion: "reduce",
      ...options,
    });
    context.setDefaultTimeout(10_000);
    return new Visitor(await context.newPage());
  }

  /** Hosts that anything was asked of. */
  get hosts(): string[] {
    const loaded = this.urls.filter((url) => /^https?:/.test(url));
    return [...new Set(loaded.map((url) => new URL(url).host))];
  }

  /** A picture for people, in a folder that git ignores. */
  async picture(name: string): Promise<void> {
    const folder = join(repositoryRoot, "screenshots");
    mkdirSync(folder, { recursive: true });
    await this.page.screenshot({ path: join(folder, `${name}.png`) });
  }

  async leave(): Promise<void> {
    await this.page.context().close();
  }
}

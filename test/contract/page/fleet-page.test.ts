import type { Browser, FrameLocator, Locator } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { askPicture } from "../../../supervisor/control/client.ts";
import { sessionsOf } from "../../../supervisor/control/contract/sessions.ts";
import { FleetHome } from "../../support/fleet-home.ts";
import { eventually, type Program } from "../../support/program.ts";
import { SandboxClient } from "../../support/sandbox-client.ts";
import { foundBrowser, launchBrowser, Visitor } from "./browser.ts";

describe.skipIf(foundBrowser.path === undefined)(`the fleet's page${foundBrowser.missing}`, () => {
  const home = new FleetHome({
    fleetYaml: "bots:\n  main:\n  buy_tracker:\n  treasury:\n  public_trading_bot:\n",
  });
  let supervisor: Program;
  let sandbox: SandboxClient;
  let browser: Browser;
  let address: string;
  let visitor: Visitor;

  beforeAll(async () => {
    supervisor = home.supervisor();
    await home.allReady(supervisor);
    sandbox = await SandboxClient.of(supervisor);
    const command = home.start("supervisor/main", ["page"]);
    expect(await command.end()).toBe(0);
    address = command.output.trim();
    browser = await launchBrowser();
  });

  afterAll(async () => {
    await browser.close();
    await home.remove();
  });

  beforeEach(async () => {
    visitor = await Visitor.come(browser);
    await visitor.page.goto(address);
    await row("main").waitFor();
  });

  afterEach(async () => {
    const { complaints, hosts } = visitor;
    await visitor.leave();
    expect(complaints).toEqual([]);
    expect(hosts).toEqual([new URL(address).host]);
  });

  const row = (name: string): Locator => visitor.page.locator(`tr[data-bot="${name}"]`);
  const says = (name: string, text: string | RegExp): Promise<void> =>
    row(name).locator(".state-words").filter({ hasText: text }).waitFor();
  const press = (label: string): Promise<void> =>
    visitor.page.getByRole("button", { name: label, exact: true }).click();
  async function findPid(name: string): Promise<number | undefined> {
    const { bots } = await askPicture(home.stateDir);
    return bots.find((bot) => bot.name === name)?.pid;
  }
  /** Never 0: a signal to that would be one to ourselves. */
  async function pidOf(name: string): Promise<number> {
    const pid = await findPid(name);
    if (pid === undefined) throw new Error(`${name} does not run`);
    return pid;
  }
  const chat = (): FrameLocator => visitor.page.frameLocator("#chat-frame");

  async function openChat(title: string): Promise<void> {
    await visitor.page.getByRole("link", { name: "Chat", exact: true }).click();
    const wanted = chat().locator("#chat-list .row", {
      has: visitor.page.getByText(title, { exact: true }),
    });
    await wanted.click();
    await chat().locator("#chat-title", { hasText: title }).waitFor();
  }

  async function say(text: string): Promise<void> {
    await chat().getByRole("textbox", { name: "Message" }).fill(text);
    await chat().getByRole("textbox", { name: "Message" }).press("Enter");
  }

  async function begin(session: string): Promise<void> {
    await say(`/new ${session}`);
    await chat().getByText(`Session '${session}' created`).first().waitFor();
  }

  /** What the demo agent says to the first message of a session, in main's message. */
  const answer = (text: string): Locator =>
    chat()
      .getByRole("log", { name: "Messages" })
      .getByText(new RegExp(`turn 1: you said "${text}"`))
      // While the answer grows it is there as a draft, too.
      .first();

  it("greets a first visitor with the whole fleet at work, and keeps no secret in its address", async () => {
    expect(visitor.page.url()).toBe(`${new URL(address).origin}/`);
    for (const name of ["main", "buy_tracker", "public_trading_bot", "treasury"])
      await says(name, "polling");
    await visitor.page.getByText("Your fleet is running").waitFor();
    expect(await visitor.page.locator("#connection").textContent()).toBe("live");
    expect(await visitor.page.locator("#figure-ready").textContent()).toContain("4 of 4");
    await visitor.picture("first-visit");
    await visitor.page.reload();
    await says("main", "polling");
  });

  it("chats with main, next to the calls that it caused", async () => {
    await openChat("main");
    await begin("page");
    await say("hello from the page");
    await answer("hello from the page").waitFor();
    const calls = chat().locator("#call-list");
    await calls.getByText("sendMessage").first().waitFor();
    await visitor.picture("chat");
    // What was handled is in the charts at once.
    await visitor.page.getByRole("link", { name: "Bots", exact: true }).click();
    const handled = row("main").locator(".spark-sum", { hasNotText: /^0$/ });
    expect(Number(await handled.textContent({ timeout: 3_000 }))).toBeGreaterThan(0);
  });

  it("chats in two topics, and neither hears the other", async () => {
    await openChat("Ideas");
    await begin("ideas");
    await say("a thought");
    await answer("a thought").waitFor();
    await openChat("Releases");
    await begin("releases");
    await say("a plan");
    await answer("a plan").waitFor();
    expect(await answer("a thought").count()).toBe(0);
    await openChat("Ideas");
    await answer("a thought").waitFor();
    expect(await answer("a plan").count()).toBe(0);
    await visitor.picture("topics");
  });

  it("shows the sessions with the processes that live, and what becomes of them", async () => {
    await openChat("Ideas");
    await begin("chores");
    await say("what is to be done");
    await answer("what is to be done").waitFor();
    await visitor.page.getByRole("link", { name: "Sessions", exact: true }).click();
    const chores = visitor.page.locator('tr[data-session="chores"]');
    await chores.locator(".state-words", { hasText: "idle" }).waitFor();
    expect(await chores.textContent()).toContain("main, chat -100");
    const { sessions } = sessionsOf(await askPicture(home.stateDir));
    const { pid = 0 } = sessions.find(({ name }) => name === "chores") ?? {};
    await chores.getByText(String(pid), { exact: true }).waitFor();
    await visitor.picture("sessions");
    process.kill(pid, "SIGKILL");
    await chores.locator(".state-words", { hasText: "sleeps" }).waitFor();
    expect(await chores.getByText(String(pid), { exact: true }).count()).toBe(0);
  });

  it("presses a button, and the bot's answer to it is shown", async () => {
    const { id, token } = await sandbox.makeBot("quiz");
    const call = async (method: string, body: object): Promise<unknown> => {
      const url = `${sandbox.url}/bot${token}/${method}`;
      const headers = { "content-type": "application/json" };
      const told = await fetch(url, { method: "POST", headers, body: JSON.stringify(body) });
      return ((await told.json()) as { result: unknown }).result;
    };
    const { me } = await sandbox.state();
    const keys = {
      inline_keyboard: [
        [
          { text: "Left", callback_data: "l" },
          { text: "Right", callback_data: "r" },
        ],
      ],
    };
    await call("sendMessage", { chat_id: me, text: "Which way?", reply_markup: keys });
    await visitor.page.evaluate((bot) => {
      location.hash = `#/chat/${bot}`;
    }, id);
    await chat().getByRole("button", { name: "Right" }).click();
    const query = await eventually(
      async () => {
        const updates = (await call("getUpdates", {})) as {
          callback_query?: { id: string; data: string };
        }[];
        return updates.map((update) => update.callback_query).find((each) => each !== undefined);
      },
      () => "the press arrives",
    );
    expect(query.data).toBe("r");
    await call("answerCallbackQuery", { callback_query_id: query.id, text: "Right it is" });
    expect(await chat().locator(".toast").textContent()).toBe("Right it is");
    await visitor.picture("button");
  });

  it("restarts, stops and starts a bot", async () => {
    const before = await pidOf("treasury");
    await press("Restart treasury");
    await visitor.page.getByText("treasury: restarted.").waitFor();
    await eventually(
      async () => ![undefined, before].includes(await findPid("treasury")),
      () => "another process",
    );
    await says("treasury", "polling");
    await press("Stop treasury");
    await says("treasury", "stopped");
    expect(await findPid("treasury")).toBeUndefined();
    await visitor.page.locator("#figure-ready", { hasText: "1 stopped" }).waitFor();
    await visitor.picture("stopped");
    await press("Start treasury");
    await says("treasury", "polling");
    expect(await pidOf("treasury")).not.toBe(before);
  });

  it("asks before it stops main", async () => {
    await press("Stop main");
    await visitor.page.getByRole("alertdialog").getByRole("button", { name: "Cancel" }).click();
    await says("main", "polling");
    expect(await findPid("main")).toBeDefined();
  });

  it("shows within a second that a bot was killed, and that it is back", async () => {
    const before = await pidOf("buy_tracker");
    const events = visitor.page.locator("#events");
    process.kill(before, "SIGKILL");
    await events.getByText("buy_tracker stopping: ended by SIGKILL").waitFor({ timeout: 1_000 });
    await events.getByText("buy_tracker polling").waitFor();
    await says("buy_tracker", "polling");
    expect(await pidOf("buy_tracker")).not.toBe(before);
    await events.scrollIntoViewIfNeeded();
    await visitor.picture("killed");
  });

  it("shows a bot that hangs", async () => {
    const pid = await pidOf("treasury");
    process.kill(pid, "SIGSTOP");
    await says("treasury", "does not answer");
    expect(await row("treasury").locator(".state-why").textContent()).toContain("suspended");
    await visitor.picture("hangs");
    process.kill(pid, "SIGCONT");
    await says("treasury", "polling");
  });

  it("shows everything about one bot, and its log as it is written", async () => {
    await row("treasury").getByRole("link", { name: "treasury", exact: true }).click();
    await visitor.page.getByRole("heading", { name: "treasury" }).waitFor();
    const log = visitor.page.locator("#view-bot .log-list");
    await log.getByText("polling begins").first().waitFor();
    const lines = await log.locator("li").count();
    await press("Restart treasury");
    await log.locator(`li:nth-child(${lines + 3})`).waitFor();
    await visitor.picture("bot");
    await visitor.page.locator("#view-bot").getByLabel("Filter the log").fill("no such words");
    expect(await log.locator("li").count()).toBe(0);
  });

  it("can be used with the keyboard alone", async () => {
    const { page } = visitor;
    await page.keyboard.press("j");
    await page.keyboard.press("j");
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { name: "buy_tracker" }).waitFor();
    await page.keyboard.press("Escape");
    await row("main").waitFor();
    await page.keyboard.press("3");
    await page.getByRole("heading", { name: "Sessions" }).waitFor();
    await page.keyboard.press("4");
    await page.locator("#view-logs .log-list").getByText("starting -> ready").first().waitFor();
    await page.keyboard.press("/");
    await page.keyboard.type("treasury: starting");
    await page.keyboard.press("Escape");
    await page.keyboard.press("5");
    await page.locator("#view-letters").getByText("None.").waitFor();
    await page.keyboard.press("?");
    expect(await page.getByRole("heading", { name: "Keyboard" }).isVisible()).toBe(true);
  });
});

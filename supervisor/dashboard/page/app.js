import { enter } from "../../sandbox/page/model/door.js";
import { byId, element, reconcile } from "../../sandbox/page/view/dom.js";
import { startTheme } from "../../sandbox/page/view/theme.js";
import { confirmBox, toast } from "../../sandbox/page/view/toast.js";
import { followFleet, supervisor } from "./model/client.js";
import {
  deadLetters,
  emptyFleet,
  hear,
  lose,
  ordersFor,
  sessionsOf,
  totals,
} from "./model/fleet.js";
import { emptyHistory, newestOf, takeHistory } from "./model/history.js";
import { createBotPage } from "./view/bot-page.js";
import { focusedBot } from "./view/bots.js";
import { createChat } from "./view/chat.js";
import { createFrame, readAddress } from "./view/frame.js";
import { createKeyboard } from "./view/keyboard.js";
import { createLetters } from "./view/letters.js";
import { createLogs } from "./view/logs.js";
import { createOverview } from "./view/overview.js";
import { renderSessions } from "./view/sessions.js";

enter();
const historyEveryMs = 15_000;
/** So soon after a change it is in the charts; many changes are one reading. */
const historySoonMs = 700;
const tickMs = 1000;
const fleet = emptyFleet();
const history = emptyHistory();
let address = readAddress(location.hash);

const actions = { order, letter };
const frame = createFrame();
const overview = createOverview(actions);
const botPage = createBotPage(actions, supervisor.logs);
const chat = createChat();
const letters = createLetters(actions);
byId("view-letters").append(letters.node);
const logs = createLogs(supervisor.logs);
byId("view-logs").append(logs.node);

let planned = false;

/** Draws once for any number of changes made in one go. */
function draw() {
  if (planned) return;
  planned = true;
  queueMicrotask(() => {
    planned = false;
    const state = { fleet, history, nowMs: Date.now() };
    const letterCount = fleet.picture ? totals(fleet, state.nowMs).deadLetters : 0;
    frame.render(state, letterCount);
    if (address.view === "fleet") overview.render(state);
    if (address.view === "bot") botPage.render(state);
    if (address.view === "letters") letters.render(deadLetters(fleet), letterCount, state.nowMs);
    if (address.view === "sessions") renderSessions(sessionsOf(fleet), state.nowMs);
    if (address.view === "logs") renderLogChoice();
    if (address.view === "chat") chat.render(fleet.picture);
  });
}

function renderLogChoice() {
  const names = [...(fleet.picture?.bots ?? []).map(({ name }) => name), "supervisor"];
  const current = address.detail ?? "supervisor";
  reconcile(
    byId("log-names"),
    names.map((name) => ({
      key: name,
      signature: String(name === current),
      build: () =>
        element(
          "a",
          { href: `#/logs/${name}`, "aria-current": name === current ? "true" : undefined },
          name,
        ),
    })),
  );
}

/** Gives an order about a bot and says what the supervisor says. */
async function order(name, bot) {
  try {
    if (name === "stop" && !(await isMeant(bot))) return;
    toast((await supervisor.order(name, { bot })).said);
  } catch (error) {
    toast(error.message, "error");
  }
}

function isMeant(name) {
  const isMain = fleet.picture?.bots.some((bot) => bot.name === name && bot.role === "main");
  if (!isMain) return true;
  const text = "It stays down until you start it again. Bots that share its token go on.";
  return confirmBox(`Stop ${name}?`, text, "Stop");
}

async function letter(what, { bot, seq, updateId }) {
  try {
    const text = "It is forgotten; nobody will answer it.";
    if (what === "drop" && !(await confirmBox(`Drop update ${updateId}?`, text, "Drop"))) return;
    toast((await supervisor.order("dead_letter", { bot, order: what, seq })).said);
  } catch (error) {
    toast(error.message, "error");
  }
}

async function readHistory() {
  if (document.hidden || fleet.connection !== "live") return;
  try {
    takeHistory(history, await supervisor.history(newestOf(history)));
    draw();
  } catch {
    // A supervisor that is gone is told by the connection's own sign.
  }
}

function follow() {
  address = readAddress(location.hash);
  frame.show(address);
  botPage.open(address.view === "bot" ? address.detail : undefined);
  logs.follow(address.view === "logs" ? (address.detail ?? "supervisor") : undefined);
  if (address.view === "chat") chat.open(address.detail);
  draw();
}

let readsSoon = false;

function readHistorySoon() {
  if (readsSoon) return;
  readsSoon = true;
  setTimeout(() => {
    readsSoon = false;
    void readHistory();
  }, historySoonMs);
}

function onChange(change) {
  const wasLive = fleet.connection === "live";
  hear(fleet, change, Date.now());
  if (!wasLive) void readHistory();
  else if (change.type === "bot") readHistorySoon();
  draw();
}

function onLost(isKeyOld) {
  lose(fleet, isKeyOld, Date.now());
  draw();
}

startTheme();
createKeyboard({
  move: overview.move,
  restart() {
    const name = address.view === "bot" ? address.detail : focusedBot();
    const bot = fleet.picture?.bots.find((each) => each.name === name);
    if (bot && ordersFor(bot).includes("restart")) void order("restart", name);
  },
});
addEventListener("hashchange", follow);
document.addEventListener("visibilitychange", () => void readHistory());
setInterval(() => void readHistory(), historyEveryMs);
setInterval(draw, tickMs);
followFleet({ onChange, onLost });
follow();

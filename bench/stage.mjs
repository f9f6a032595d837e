// The server side of a measurement: the embedded Bot API in this very process, a crowd that talks, contestants forked.
import { fork } from "node:child_process";
import { once } from "node:events";
import {
  closeSync,
  fdatasyncSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  rmSync,
  writeSync,
} from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { createLog } from "../dist/shared/logger.js";
import { startSandbox } from "../dist/supervisor/sandbox/sandbox.js";
import { median } from "./figures.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));

export class Stage {
  /** On the disk of the checkout: a temp directory may be in memory, where nothing is durable. */
  #dir;
  #sandbox;
  #bots = 0;
  #people;

  static async open(people) {
    const stage = new Stage();
    mkdirSync(join(root, "var"), { recursive: true });
    stage.#dir = mkdtempSync(join(root, "var", "bench-"));
    stage.#sandbox = await startSandbox({ log: createLog({ label: "sandbox", level: "error" }) });
    const { user } = stage.#sandbox;
    stage.#people = Array.from({ length: people }, (_, at) => user.createUser(`User ${at}`).id);
    return stage;
  }

  get dir() {
    return this.#dir;
  }

  /**
   * A bot of its own for every run: nothing is left over from the one before. Who talks next is drawn, the same draw for
   * every bot, or goes round.
   */
  async newBot(inTurn = false) {
    this.#bots += 1;
    const name = `bot_${this.#bots}`;
    const [bot] = await this.#sandbox.ensureBots([name]);
    const { user } = this.#sandbox;
    const chats = this.#people.map((person) => ({
      from: person,
      id: user.createChat({ type: "private", members: [person], bots: [bot.id] }).id,
    }));
    let said = 0;
    const draw = drawing();
    return {
      id: bot.id,
      token: bot.token,
      apiRoot: this.#sandbox.url,
      chats: chats.map(({ from }) => from),
      stateDir: join(this.#dir, name),
      say: () => {
        const { id, from } = chats[inTurn ? said % chats.length : draw(chats.length)];
        said += 1;
        user.say(id, { from, text: String(process.hrtime.bigint()) });
      },
      polling: () => user.polling(bot.id),
    };
  }

  /** What durability costs at the very least here: median milliseconds of a write of 50 KB and its sync. */
  syncMs() {
    const file = openSync(join(this.#dir, "sync"), "a");
    const bytes = Buffer.alloc(50_000);
    const times = Array.from({ length: 51 }, () => {
      const beganMs = performance.now();
      writeSync(file, bytes);
      fdatasyncSync(file);
      return performance.now() - beganMs;
    });
    closeSync(file);
    return median(times);
  }

  delaySends(ms) {
    const { faults } = this.#sandbox.user;
    faults.clear();
    if (ms > 0) faults.add({ method: "sendMessage", kind: "delay", times: 0, delay_ms: ms });
  }

  async close() {
    await this.#sandbox.close();
    rmSync(this.#dir, { recursive: true, force: true });
  }
}

/** Whole numbers below a limit, the same ones each time (Lehmer's generator with 48271 modulo 2^31 - 1). */
function drawing() {
  const modulus = 2 ** 31 - 1;
  let state = 1;
  return (limit) => {
    state = (state * 48_271) % modulus;
    return state % limit;
  };
}

/** A contestant's process; ends with SIGKILL, whatever it is doing. */
export class Contestant {
  #child;
  #exited;

  constructor(file, task, nodeOptions = []) {
    const path = fileURLToPath(new URL(`contestants/${file}.mjs`, import.meta.url));
    this.#child = fork(path, [JSON.stringify(task)], { execArgv: nodeOptions });
    this.#exited = once(this.#child, "exit");
  }

  get pid() {
    return this.#child.pid;
  }

  /** The next message of this type; undefined when it does not come in time. */
  async next(type, withinMs) {
    const deadline = new AbortController();
    const told = (async () => {
      for (;;) {
        const [message] = await once(this.#child, "message", { signal: deadline.signal });
        if (message.type === type) return message;
      }
    })().catch(() => undefined);
    const ended = this.#exited.then(([code]) => {
      throw new Error(`a contestant ended with ${code}`);
    });
    const late = sleep(withinMs, undefined, { signal: deadline.signal }).catch(() => undefined);
    try {
      return await Promise.race([told, ended, late]);
    } finally {
      deadline.abort();
      ended.catch(() => undefined);
    }
  }

  ask(question) {
    this.#child.send(question);
  }

  /** @throws Error where it was asked in order and did not end well */
  async end(signal = "SIGKILL") {
    this.#child.kill(signal);
    const [code] = await this.#exited;
    if (signal === "SIGTERM" && code !== 0) throw new Error(`a contestant ended with ${code}`);
  }
}

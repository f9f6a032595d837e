import { afterEach, describe, expect, it } from "vitest";
import type { SendPort } from "../../../shared/outbound/delivery/ports.ts";
import { ManualClock } from "../../support/manual-clock.ts";
import { seededRandom } from "../../support/seeded-random.ts";
import { flood, network, timeout } from "../stage/fake-telegram.ts";
import { editOf } from "../stage/items.ts";
import { MemoryStorage } from "../stage/memory-storage.ts";
import { openStage, removeFolders, type Stage, text } from "../stage/stage.ts";

afterEach(removeFolders);

const chats = [1, 2, -3];

/** What Telegram really got, whatever its sender was told. */
class World {
  readonly arrived: { readonly chatId: number; readonly text: string }[] = [];
  private readonly random: () => number;

  constructor(random: () => number) {
    this.random = random;
  }

  /** The way to it in one life; nothing passes any more when that is over. */
  sendUntil(over: AbortSignal, clock: ManualClock): SendPort {
    return async (method, params, signal) => {
      await clock.sleep(this.random() * 300, signal);
      if (over.aborted) return new Promise(() => undefined);
      const dice = this.random();
      if (dice < 0.04) throw network("ENOTFOUND");
      if (dice < 0.07) throw flood(1 + Math.floor(this.random() * 20));
      if (dice < 0.1) throw timeout();
      if (method === "sendMessage") {
        this.arrived.push({ chatId: Number(params["chat_id"]), text: String(params["text"]) });
      }
      if (dice < 0.13) throw network("ECONNRESET");
      await clock.sleep(this.random() * 200, signal);
      if (over.aborted) return new Promise(() => undefined);
      return { message_id: this.arrived.length };
    };
  }
}

interface History {
  readonly world: World;
  readonly accepted: string[];
  readonly failed: Set<string>;
  /** How those ended that have not failed, as their ids tell afterwards. */
  readonly ends: Set<string>;
  /** When the last life has ended. */
  waiting: number;
  timers: number;
}

/** One life of a random length: answers and progress come, time passes; then the process is gone. */
async function live(stage: Stage, history: History, random: () => number): Promise<void> {
  const steps = 5 + Math.floor(random() * 25);
  for (let step = 0; step < steps; step += 1) {
    const chatId = chats[Math.floor(random() * chats.length)] ?? 1;
    if (random() < 0.6) {
      const said = `answer ${history.accepted.length}`;
      await stage.outbox.enqueue(text(chatId, said, { answerId: said })).accepted;
      history.accepted.push(said);
    } else {
      stage.outbox.enqueue(editOf(chatId, `k${step % 2}`, `progress ${step}`));
    }
    await stage.clock.advance(random() * 1_500);
  }
}

async function play(seed: number): Promise<History> {
  const random = seededRandom(seed);
  const world = new World(random);
  const history: History = {
    world,
    accepted: [],
    failed: new Set(),
    ends: new Set(),
    waiting: -1,
    timers: -1,
  };
  let content: string | undefined;
  for (let lives = 3; lives >= 0; lives -= 1) {
    const over = new AbortController();
    const clock = new ManualClock();
    const storage = new MemoryStorage(content);
    const send = history.world.sendUntil(over.signal, clock);
    const onAnswerFailed = ({ answerId = "" }): void => void history.failed.add(answerId);
    const stage = await openStage({
      clock,
      storage,
      parts: { send, random, hooks: { onAnswerFailed } },
    });
    // An answer of an earlier life, handed over again.
    const [again] = history.accepted;
    if (again !== undefined) stage.outbox.enqueue(text(1, again, { answerId: again }));
    await live(stage, history, random);
    if (lives === 0) {
      await clock.advance(3_600_000);
      // Nothing is sent any more: each id has its end, and tells it.
      for (const answerId of history.accepted.filter((id) => !history.failed.has(id))) {
        const { outcome } = stage.outbox.enqueue(text(1, "never sent", { answerId }));
        history.ends.add((await outcome).state);
      }
      history.waiting = stage.outbox.snapshot().waiting.answers;
      await stage.end();
      history.timers = clock.pendingTimers;
    }
    over.abort();
    // SIGKILL leaves what was written, a power cut what was synced.
    content = (random() < 0.5 ? storage.content : storage.safe)?.toString();
  }
  return history;
}

describe("answers, progress, floods, broken connections, crashes and power cuts at random", () => {
  it("none is lost, none comes twice without a mark, all come in order", async () => {
    let marked = 0;
    for (let seed = 1; seed <= 150; seed += 1) {
      const { world, accepted, failed, ends, waiting, timers } = await play(seed);
      ends.delete("sent");
      expect([...ends], `seed ${seed}: ends`).toEqual([]);
      expect({ waiting, timers }, `seed ${seed}`).toEqual({ waiting: 0, timers: 0 });
      const told = world.arrived.map(({ text: said }) => said.split("\n")[0] ?? "");
      const lost = accepted.filter((said) => !told.includes(said) && !failed.has(said));
      expect(lost, `seed ${seed}: lost`).toEqual([]);
      const plain = world.arrived.filter(({ text: said }) => !said.includes("(sent again"));
      const twice = plain.filter(({ text: said }, at) =>
        plain.slice(0, at).some((other) => other.text === said),
      );
      expect(twice, `seed ${seed}: twice`).toEqual([]);
      for (const chatId of chats) {
        const here = world.arrived.flatMap((one, at) => (one.chatId === chatId ? [told[at]] : []));
        const order = [...new Set(here)].map((said) => Number(said?.slice("answer ".length)));
        expect(order, `seed ${seed}: order`).toEqual(order.toSorted((a, b) => a - b));
      }
      marked += world.arrived.length - plain.length;
    }
    expect(marked).toBeGreaterThan(50);
  });
});

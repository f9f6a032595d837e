import { describe, expect, it } from "vitest";
import type { SupervisorMessage } from "../../../shared/contract/ipc.ts";
import { dealShares, SendShares } from "../../../supervisor/daemon/handover/send-shares.ts";
import type { BotView, FleetEvent } from "../../../supervisor/fleet/bot-view.ts";
import { seededRandom } from "../../support/seeded-random.ts";
import { botView } from "./bot-view.ts";

/** A fleet whose bots are as the test says; keeps what each was told. */
class ToldFleet {
  bots: readonly BotView[] = [];
  readonly told: [name: string, message: SupervisorMessage][] = [];
  private tellWatcher: (event: FleetEvent) => void = () => undefined;

  watch(watcher: (event: FleetEvent) => void): () => void {
    this.tellWatcher = watcher;
    return () => undefined;
  }

  list(): readonly BotView[] {
    return this.bots;
  }

  tellBot(name: string, message: SupervisorMessage): void {
    this.told.push([name, message]);
  }

  become(...bots: BotView[]): void {
    this.bots = bots;
    for (const bot of bots) this.tellWatcher({ type: "bot", bot });
  }

  sent(name: string, chatId: number): void {
    this.tellWatcher({ type: "sent", name, chatId });
  }
}

describe("what each bot may send", () => {
  it("is all of its token where nobody shares it", () => {
    const shares = dealShares([botView("main", { botId: 1 }), botView("a", { botId: 2 })]);
    expect([...shares]).toEqual([
      ["main", 30],
      ["a", 30],
    ]);
  });

  it("goes by what the bots of a token want, and never adds up to more than the token has", () => {
    const shares = dealShares([
      botView("main", { botId: 1, wants: 100 }),
      botView("a", { botId: 1, wants: 5 }),
      botView("b", { botId: 1 }),
    ]);
    expect(shares.get("a")).toBeCloseTo(5);
    expect(shares.get("main")).toBeGreaterThan(20);
    expect(shares.get("b")).toBeGreaterThanOrEqual(1);
    expect([...shares.values()].reduce((sum, share) => sum + share, 0)).toBeCloseTo(30);
  });

  it("is dealt among bots that run", () => {
    const shares = dealShares([
      botView("main", { botId: 1 }),
      botView("a", { botId: 1, pid: undefined }),
    ]);
    expect([...shares]).toEqual([["main", 30]]);
  });
});

describe("what bots of one token are told", () => {
  it("are shares that never add up to more than 30, at no moment between two messages", () => {
    const fleet = new ToldFleet();
    new SendShares().follow(fleet);
    const random = seededRandom(5);
    const names = ["main", "a", "b", "c", "d", "e", "f"];
    const shares = new Map<string, number>();
    const wants = new Map(names.map((name) => [name, 0]));
    const views = () => names.map((name) => botView(name, { wants: wants.get(name) ?? 0 }));
    fleet.become(...views());
    for (let round = 0; round < 500; round += 1) {
      const name = names[Math.floor(random() * names.length)] ?? "main";
      wants.set(name, Math.max(0, (wants.get(name) ?? 0) + random() * 6 - 3));
      fleet.become(...views());
      for (const [bot, message] of fleet.told.splice(0)) {
        if (message.type === "send_share") shares.set(bot, message.perSecond);
        const sum = [...shares.values()].reduce((total, share) => total + share, 0);
        expect(sum, `round ${round}`).toBeLessThanOrEqual(30 + 1e-9);
      }
    }
    expect(shares.size).toBe(names.length);
  });

  it("is nothing while they want about the same", () => {
    const fleet = new ToldFleet();
    new SendShares().follow(fleet);
    fleet.become(botView("main", { wants: 5 }), botView("a", { wants: 5 }));
    fleet.told.splice(0);
    fleet.become(botView("main", { wants: 5.1 }), botView("a", { wants: 5 }));
    expect(fleet.told).toEqual([]);
  });

  it("is where the others write to, and nobody else's business", () => {
    const fleet = new ToldFleet();
    new SendShares().follow(fleet);
    fleet.become(
      botView("main", { botId: 1 }),
      botView("a", { botId: 1 }),
      botView("b", { botId: 1, pid: undefined }),
      botView("c", { botId: 2 }),
    );
    fleet.told.splice(0);
    fleet.sent("a", -7);
    expect(fleet.told).toEqual([["main", { type: "others_sent", chatId: -7 }]]);
  });
});

import { OperationError } from "../../../shared/errors.ts";
import { identifySelf } from "../../../shared/process/identity.ts";
import type { Change, FleetPicture } from "../../../supervisor/control/contract/picture.ts";
import type { ControlHost } from "../../../supervisor/control/host.ts";

const picture: FleetPicture = {
  version: 1,
  supervisor: identifySelf(),
  startedAt: 1,
  updatedAt: 2,
  state: "running",
  bots: [],
};

/** A supervisor that writes down what it is asked. */
export class FakeHost implements ControlHost {
  readonly asked: string[] = [];
  history: object = { said: "done" };
  private readonly watchers = new Set<(change: Change) => void>();

  private readonly note = (name: string) => (order: object) => {
    this.asked.push(`${name} ${JSON.stringify(order)}`);
    if ("bot" in order && order.bot === "nobody") throw new OperationError("There is no bot.");
    if ("bot" in order && order.bot === "fault") throw new Error("a fault of ours");
    return { said: "done" };
  };

  readonly orders = {
    start: this.note("start"),
    stop: this.note("stop"),
    restart: this.note("restart"),
    close: this.note("close"),
    history: () => this.history,
    logs: this.note("logs"),
    explain: this.note("explain"),
    reload: this.note("reload"),
    dead_letter: this.note("dead_letter"),
  } as unknown as ControlHost["orders"];

  async picture(): Promise<FleetPicture> {
    return picture;
  }

  watch(watcher: (change: Change) => void): () => void {
    watcher({ type: "snapshot", fleet: picture });
    this.watchers.add(watcher);
    return () => {
      this.watchers.delete(watcher);
    };
  }

  get watching(): number {
    return this.watchers.size;
  }

  tell(change: Change): void {
    for (const watcher of this.watchers) watcher(change);
  }
}

import type { Answer, Order, OrderName } from "./contract/orders.ts";
import type { Change, FleetPicture } from "./contract/picture.ts";

/** What each order does. Throws OperatorErrors for people; whatever else it throws is a fault of ours. */
export type OrderHandlers = {
  readonly [N in OrderName]: (order: Order<N>) => Answer<N> | Promise<Answer<N>>;
};

/** What the control API shows and moves: made by whoever composes the supervisor. */
export interface ControlHost {
  readonly orders: OrderHandlers;
  /** The fleet now: every bot was asked whether it answers. */
  picture(): Promise<FleetPicture>;
  /** Tells a snapshot and then every change in order, until the returned function is called. */
  watch(watcher: (change: Change) => void): () => void;
}

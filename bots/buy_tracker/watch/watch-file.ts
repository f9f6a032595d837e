import { z } from "zod";
import type { Address } from "../../../shared/chain/chain.ts";
import type { Log } from "../../../shared/logger.ts";
import { writeFileAtomic } from "../../../shared/storage/atomic-file.ts";
import { readJsonFile } from "../../../shared/storage/json-file.ts";
import { keyOf, placeSchema } from "../ledger/post.ts";

const orderSchema = z.object({
  place: placeSchema,
  pool: z
    .string()
    .regex(/^0x[0-9a-f]{40}$/)
    .transform((text): Address => `0x${text.slice(2)}`),
  /** Whole tokens; null where the place wants nothing of the pool, whatever the configuration says. */
  threshold: z.string().nullable(),
});
const fileSchema = z.object({ version: z.literal(1), orders: z.array(orderSchema) });

/** What a place was told to do with a pool. */
export type WatchOrder = Readonly<z.infer<typeof orderSchema>>;

/** What /watch, /unwatch and /threshold have ordered. On the disk when they are answered. */
export class WatchFile {
  private readonly path: string;
  private orders: readonly WatchOrder[];
  /** One write after the other: the last one has them all. */
  private saving: Promise<void> = Promise.resolve();

  private constructor(path: string, orders: readonly WatchOrder[]) {
    this.path = path;
    this.orders = orders;
  }

  static async open(path: string, log: Log): Promise<WatchFile> {
    return new WatchFile(path, (await readJsonFile(path, fileSchema, log))?.orders ?? []);
  }

  get all(): readonly WatchOrder[] {
    return this.orders;
  }

  /** On the disk when it resolves. @throws the system's error; the order holds until the end of the process then */
  async set(order: WatchOrder): Promise<void> {
    const key = `${keyOf(order.place)} ${order.pool}`;
    const others = this.orders.filter(({ place, pool }) => `${keyOf(place)} ${pool}` !== key);
    this.orders = [...others, order];
    const before = this.saving;
    const saved = (async () => {
      await before;
      const content = { version: 1, orders: this.orders };
      await writeFileAtomic(this.path, `${JSON.stringify(content)}\n`);
    })();
    // The next one writes whatever became of this one.
    this.saving = saved.catch(() => undefined);
    await saved;
  }
}

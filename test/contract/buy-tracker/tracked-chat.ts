import { join } from "node:path";
import { z } from "zod";
import type { Hash } from "../../../shared/chain/chain.ts";
import { Anvil } from "../../support/chain/anvil.ts";
import { LocalMarket } from "../../support/chain/local-market.ts";
import { type HandedBot, openHandedBot } from "../../support/handed-bot.ts";
import { eventually, Program, repositoryRoot } from "../../support/program.ts";

const explorer = "https://scan.example";
const entity = z.looseObject({ type: z.string(), url: z.string().optional() });

export interface Told {
  readonly id: number;
  readonly text: string;
  /** The transactions that it links to. */
  readonly transactions: readonly Hash[];
}

/** A real chain with a pair on it, a sandbox, and the real bot between them. */
export class TrackedChat {
  readonly anvil: Anvil;
  readonly market: LocalMarket;
  readonly handed: HandedBot;
  bot: Program;
  private readonly programs: Program[] = [];

  private constructor(anvil: Anvil, market: LocalMarket, handed: HandedBot) {
    this.anvil = anvil;
    this.market = market;
    this.handed = handed;
    this.bot = this.start();
  }

  /** @param rpc addresses of the chain; default: the chain itself */
  static async open(
    options: Record<string, unknown> = {},
    rpc: (chain: string) => Promise<readonly string[]> = async (url) => [url],
  ): Promise<TrackedChat> {
    const anvil = await Anvil.start();
    const market = await LocalMarket.deploy(anvil);
    const chain = {
      name: "Local",
      chain_id: 31_337,
      rpc: await rpc(anvil.url),
      block_time_seconds: 0.5,
      explorer,
    };
    const pools = [{ address: market.pair, track: market.base }];
    const all = { chain, pools, threshold: 20, group_seconds: 0, ...options };
    const chat = new TrackedChat(anvil, market, await openHandedBot(all, "buy_tracker"));
    await chat.bot.printed(/following the chain from here/);
    return chat;
  }

  start(): Program {
    const file = join(repositoryRoot, "dist", "bots", "run-bot.js");
    const { dir, environment } = this.handed;
    this.bot = new Program([file, "buy_tracker"], {
      cwd: dir,
      env: { HOME: dir, ...environment },
    });
    this.programs.push(this.bot);
    return this.bot;
  }

  /** What the bot has told, oldest first, as it stands now. */
  told(): Told[] {
    const { sandbox, chat } = this.handed;
    return sandbox.user
      .messages(chat, undefined, 500)
      .filter(({ from }) => from?.is_bot === true)
      .map((message) => ({
        id: message.message_id,
        text: message.text ?? "",
        transactions: transactionsOf(message.entities),
      }));
  }

  /** The first message about a transaction whose text fits. */
  toldOf(transaction: Hash, pattern: RegExp, withinMs = 15_000): Promise<Told> {
    return eventually(
      () =>
        this.told().find(
          ({ text, transactions }) => transactions.includes(transaction) && pattern.test(text),
        ),
      () =>
        `a message of ${transaction} like ${String(pattern)}; there are ${JSON.stringify(this.told(), null, 1)}\n${this.bot.output}`,
      withinMs,
    );
  }

  say(text: string): void {
    const { sandbox, chat, me } = this.handed;
    sandbox.user.say(chat, { from: me, text });
  }

  /** Everything any life of the bot printed. */
  get output(): string {
    return this.programs.map(({ output }) => output).join("\n");
  }

  async close(): Promise<void> {
    for (const program of this.programs) if (program.running) program.kill("SIGKILL");
    await Promise.all(this.programs.map((program) => program.end()));
    await this.anvil.stop();
    await this.handed.close();
  }
}

function transactionsOf(entities: unknown): Hash[] {
  const links = z.array(entity).optional().parse(entities) ?? [];
  return links.flatMap(({ url }) => {
    const hash = /\/tx\/0x([0-9a-f]{64})$/.exec(url ?? "")?.[1];
    return hash === undefined ? [] : [`0x${hash}` as const];
  });
}

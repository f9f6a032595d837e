import { readEnvironment } from "../../../shared/config/environment.ts";
import { type FleetConfig, loadFleetConfig } from "../../../shared/config/fleet-config.ts";
import { resolveAccess } from "../../../shared/config/telegram-access.ts";
import { errorMessage, OperationError } from "../../../shared/errors.ts";
import type { Log } from "../../../shared/logger.ts";
import type { Answer, Order } from "../../control/contract/orders.ts";
import type { Fleet } from "../../fleet/fleet.ts";
import type { BotMaker } from "../bot-maker.ts";
import { checkBots } from "./check-bots.ts";
import { type FleetMaterial, planReload, type ReloadPlan } from "./plan-reload.ts";

export interface ReloaderDeps {
  readonly fleet: Fleet;
  readonly maker: BotMaker;
  readonly env: NodeJS.ProcessEnv;
  readonly workingDir: string;
  readonly isStopped: (name: string) => boolean;
  /** The fleet is made of this from now on; called before anything is started from it. */
  readonly onMaterial: (material: FleetMaterial) => void;
  /** Aborts when the supervisor stops. */
  readonly signal: AbortSignal;
  readonly log: Log;
}

const by = "a changed configuration";

/** Brings a running fleet to what fleet.yaml and the environment say now. One reload after the other. */
export class Reloader {
  private readonly deps: ReloaderDeps;
  private readonly started: FleetConfig;
  private turn: Promise<unknown> = Promise.resolve();

  constructor(deps: ReloaderDeps) {
    this.deps = deps;
    this.started = deps.maker.material.config;
  }

  /**
   * @throws ConfigurationError with file, line and key for a configuration that is wrong, or in a bot's words for
   * options that it refuses, OperationError for one that
   * needs a new supervisor; nothing has changed then
   */
  reload({ check_only: checkOnly = false }: Order<"reload">): Promise<Answer<"reload">> {
    const done = this.turn.then(() => this.reloadNow(checkOnly));
    this.turn = done.catch(() => undefined);
    return done;
  }

  /** For SIGHUP: nobody waits for an answer, so the log has it. */
  async reloadFromSignal(): Promise<void> {
    const { log } = this.deps;
    try {
      const { said } = await this.reload({});
      log.info(`SIGHUP: ${said}`);
    } catch (error) {
      log.error(`SIGHUP: the configuration was not reloaded: ${errorMessage(error)}`);
    }
  }

  private async reloadNow(checkOnly: boolean): Promise<Answer<"reload">> {
    const { maker, log, signal } = this.deps;
    const material = await this.read();
    const plan = planReload(maker.material, material, this.started);
    if (plan.impossible !== undefined) {
      throw new OperationError(
        `Nothing was changed: ${plan.impossible}. Restart the supervisor for that.`,
      );
    }
    const made = [...plan.changed.map(({ bot }) => bot), ...plan.added];
    await checkBots(made, (name) => maker.check(material, name, signal));
    if (!checkOnly) {
      log.info(`reloading: ${describe(plan)}`);
      signal.throwIfAborted();
      await this.apply(material, plan);
    }
    const { added, removed, changed, later } = plan;
    return {
      applied: !checkOnly,
      added: [...added],
      removed: [...removed],
      changed: changed.map(({ bot, settings }) => ({ bot, settings: [...settings] })),
      later: [...later],
      said: describe(plan),
    };
  }

  private async read(): Promise<FleetMaterial> {
    const { env, workingDir, log, signal } = this.deps;
    const config = loadFleetConfig(readEnvironment(env, workingDir), workingDir);
    return { config, access: await resolveAccess(config, log, signal) };
  }

  private async apply(material: FleetMaterial, plan: ReloadPlan): Promise<void> {
    const { fleet, maker, isStopped, onMaterial } = this.deps;
    const before = maker.material;
    // A command's process, token and lock belong together: another one is another bot.
    const isRemade = (name: string): boolean =>
      isCommand(before, name) || isCommand(material, name);
    const remade = plan.changed.map(({ bot }) => bot).filter(isRemade);
    await Promise.all(
      [...plan.removed, ...remade].map(async (name) => {
        await fleet.removeBot(name, by);
        await maker.forget(name);
      }),
    );
    maker.material = material;
    onMaterial(material);
    for (const name of [...plan.added, ...remade]) {
      fleet.addBot(maker.make(name));
      if (!isStopped(name)) fleet.startBot(name, by);
    }
    const restarted = plan.changed.map(({ bot }) => bot).filter((name) => !isRemade(name));
    await Promise.all(restarted.map((name) => fleet.reconfigureBot(name, by)));
  }
}

function isCommand({ config }: FleetMaterial, name: string): boolean {
  return config.bots.find((bot) => bot.name === name)?.command !== undefined;
}

/** `treasury is restarted (options); weather is new; nothing else changes`. */
function describe({ added, removed, changed, later }: ReloadPlan): string {
  const parts = [
    ...changed.map(({ bot, settings }) => `${bot} is restarted (${settings.join(", ")})`),
    ...added.map((bot) => `${bot} is new`),
    ...removed.map((bot) => `${bot} is removed`),
    ...later.map((key) => `${key} takes effect when the supervisor is restarted`),
  ];
  return parts.length === 0 ? "Nothing has changed." : `${parts.join("; ")}.`;
}

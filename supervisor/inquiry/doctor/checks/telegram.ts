import type { BotToken } from "../../../../shared/config/bot-tokens.ts";
import { errorMessage } from "../../../../shared/errors.ts";
import { classifyError } from "../../../../shared/telegram/error-classifier.ts";
import { createPollingApi } from "../../../../shared/telegram/polling-api.ts";
import { webhookOf } from "../../../../shared/telegram/webhook.ts";
import type { Finding, Patient } from "../finding.ts";

const check = "telegram";
const answerWithinMs = 10_000;
/** Telegram's own clock is right; beyond this, dates of messages and logs do not fit together. */
const clockMayDifferMs = 30_000;

/** Whether Telegram knows every token, what stands in the way of polling, and whether our clock is right. */
export async function checkTelegram(patient: Patient): Promise<Finding[]> {
  const { access, accessTrouble, config } = patient;
  if (accessTrouble !== undefined) return [{ check, level: "fail", text: accessTrouble }];
  if (access === undefined || config === undefined) return [];
  const tokens = new Map<number, { readonly names: string[]; readonly token: BotToken }>();
  for (const [name, token] of access.tokens) {
    const names = [...(tokens.get(token.botId)?.names ?? []), name];
    tokens.set(token.botId, { names, token });
  }
  const perToken = [...tokens.values()].map(async ({ names, token }) => {
    const keeps = config.bots.some((bot) => names.includes(bot.name) && bot.webhook === "keep");
    return await ask(names.join(", "), token.token, access.apiRoot, keeps);
  });
  return [
    ...(await clockFinding(access.apiRoot, patient)),
    ...(await Promise.all(perToken)).flat(),
  ];
}

async function ask(
  names: string,
  token: string,
  apiRoot: string,
  keepsWebhook: boolean,
): Promise<Finding[]> {
  const { api, close } = createPollingApi(token, apiRoot);
  const signal = AbortSignal.timeout(answerWithinMs);
  try {
    const me = await api.getMe(signal);
    const known: Finding = {
      check,
      level: "ok",
      text: `${names}: Telegram knows the token as @${me.username ?? me.id}.`,
    };
    const found = webhookOf(await api.getWebhookInfo(signal));
    if (found === undefined) return [known];
    const waiting = `${found.pendingUpdates} updates wait`;
    const text = keepsWebhook
      ? `${names}: a webhook to ${found.host} is set and kept as configured, so nobody can poll; ${waiting}.`
      : `${names}: a webhook to ${found.host} takes the updates (${waiting}). The next start of the bot removes it; or now: npm run delete-webhook`;
    return [known, { check, level: "warn", text }];
  } catch (error) {
    const { kind, message } = classifyError(error, "getMe");
    const next =
      kind === "auth" ? "Check it with @BotFather." : "Check the network, proxy and firewall.";
    return [{ check, level: "fail", text: `${names}: ${message}. ${next}` }];
  } finally {
    close();
  }
}

async function clockFinding(apiRoot: string, { clock }: Patient): Promise<Finding[]> {
  try {
    const signal = AbortSignal.timeout(answerWithinMs);
    const response = await fetch(apiRoot, { method: "HEAD", redirect: "manual", signal });
    const theirs = Date.parse(response.headers.get("date") ?? "");
    if (Number.isNaN(theirs)) return [];
    const differsMs = clock.now() - theirs;
    const seconds = Math.round(Math.abs(differsMs) / 1_000);
    if (Math.abs(differsMs) <= clockMayDifferMs)
      return [{ check, level: "ok", text: "The clock of this machine agrees with Telegram's." }];
    const text = `The clock of this machine is ${seconds} s ${differsMs > 0 ? "ahead of" : "behind"} Telegram's. Set it (NTP): times in logs and histories are wrong.`;
    return [{ check, level: "warn", text }];
  } catch (error) {
    const text = `${apiRoot} cannot be reached: ${errorMessage(error)}. Check the network, proxy and firewall.`;
    return [{ check, level: "fail", text }];
  }
}

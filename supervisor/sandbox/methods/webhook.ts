import type { WebhookInfo } from "../../../shared/telegram/bot-api.ts";
import { isDefaultAllowedUpdates, parseAllowedUpdates } from "../updates/allowed-updates.ts";
import { conflictText } from "../updates/poll-desk.ts";
import { defineMethod, type MethodResult, type Scene } from "./call/method.ts";
import { boolean, integer, text } from "./call/parameters.ts";
import { badRequest, tooManyRequests } from "./call/telegram-error.ts";

const defaultMaxConnections = 40;

export const setWebhook = defineMethod(
  {
    url: text.optional(),
    certificate: text.optional(),
    ip_address: text.optional(),
    max_connections: integer.optional(),
    allowed_updates: text.optional(),
    drop_pending_updates: boolean.optional(),
    secret_token: text.optional(),
  },
  (scene, parameters) => {
    const { mailbox, clock } = scene;
    const url = parameters.url ?? "";
    if (url === "") return remove(scene, parameters.drop_pending_updates ?? false);
    if (!mailbox.webhook.mayBeSet(clock.monotonic())) throw tooManyRequests(1);
    checkUrl(url);
    if (!/^[A-Za-z0-9_-]{0,256}$/.test(parameters.secret_token ?? ""))
      throw badRequest("secret token contains unallowed characters");
    mailbox.desk.abort(conflictText.setWebhook);
    if (parameters.drop_pending_updates === true) mailbox.dropPending();
    mailbox.allow(parseAllowedUpdates(parameters.allowed_updates));
    mailbox.webhook.set({
      url,
      maxConnections: Math.min(
        Math.max(parameters.max_connections ?? defaultMaxConnections, 1),
        100,
      ),
      ipAddress: parameters.ip_address,
    });
    scene.world.ports.changed();
    return { value: true, description: "Webhook was set" };
  },
);

export const deleteWebhook = defineMethod(
  { drop_pending_updates: boolean.optional() },
  (scene, parameters) => remove(scene, parameters.drop_pending_updates ?? false),
);

export const getWebhookInfo = defineMethod({}, ({ mailbox }) => {
  const { url, maxConnections, ipAddress, lastErrorAtMs, lastErrorMessage } =
    mailbox.webhook.save();
  const { allowed } = mailbox;
  const info: WebhookInfo = {
    url,
    has_custom_certificate: false,
    pending_update_count: mailbox.pending,
    ...(ipAddress === undefined ? {} : { ip_address: ipAddress }),
    ...(lastErrorAtMs === undefined ? {} : { last_error_date: Math.floor(lastErrorAtMs / 1000) }),
    ...(lastErrorMessage === undefined ? {} : { last_error_message: lastErrorMessage }),
    ...(url === "" ? {} : { max_connections: maxConnections }),
    ...(isDefaultAllowedUpdates(allowed) ? {} : { allowed_updates: [...allowed] }),
  };
  return { value: info };
});

function remove({ mailbox, world }: Scene, dropPending: boolean): MethodResult {
  const wasActive = mailbox.webhook.active;
  if (dropPending) mailbox.dropPending();
  mailbox.webhook.delete();
  world.ports.changed();
  return {
    value: true,
    description: wasActive ? "Webhook was deleted" : "Webhook is already deleted",
  };
}

function checkUrl(url: string): void {
  const complete = /^[a-z]+:\/\//i.test(url) ? url : `https://${url}`;
  if (!URL.canParse(complete)) throw badRequest("invalid webhook URL specified");
  if (new URL(complete).protocol !== "https:")
    throw badRequest("bad webhook: An HTTPS URL must be provided for webhook");
}

import { describe, expect, it } from "vitest";
import { ensureNoWebhook, removeWebhook, type WebhookApi } from "../../shared/telegram/webhook.ts";
import { recordingLog } from "../support/recording-log.ts";

const url = "https://hooks.example.org:8443/bot123456789:AAEhBOweik6ad9r_QXMENQjcrGbqCr4K-bc";
const { signal } = new AbortController();

function fakeApi(urlsInTurn: string[], deleteError?: Error): WebhookApi & { calls: unknown[] } {
  const calls: unknown[] = [];
  return {
    calls,
    async getWebhookInfo() {
      calls.push("info");
      const next = urlsInTurn.shift() ?? "";
      return { url: next, has_custom_certificate: false, pending_update_count: 3 };
    },
    async deleteWebhook(params) {
      calls.push(params);
      if (deleteError) throw deleteError;
      return true;
    },
  };
}

describe("a webhook found before polling", () => {
  it("is no matter where none is set", async () => {
    const api = fakeApi([""]);
    const log = recordingLog();
    expect(await ensureNoWebhook({ api, policy: "delete", log, signal })).toEqual({ kind: "none" });
    expect(api.calls).toEqual(["info"]);
    expect(log.lines).toEqual([]);
  });

  it("is deleted with a warning that names only host and pending count; pending updates stay", async () => {
    const api = fakeApi([url]);
    const log = recordingLog();
    const outcome = await ensureNoWebhook({ api, policy: "delete", log, signal });
    expect(outcome).toEqual({ kind: "deleted", host: "hooks.example.org:8443", pendingUpdates: 3 });
    expect(api.calls).toEqual(["info", { drop_pending_updates: false }]);
    expect(log.of("warn")).toHaveLength(1);
    expect(log.lines[0]).toContain("host=hooks.example.org:8443 pendingUpdates=3");
    expect(log.lines[0]).not.toContain("bot123456789");
  });

  it("stays where the configuration says so", async () => {
    const api = fakeApi([url]);
    const log = recordingLog();
    const outcome = await ensureNoWebhook({ api, policy: "keep", log, signal });
    expect(outcome).toMatchObject({ kind: "kept", host: "hooks.example.org:8443" });
    expect(api.calls).toEqual(["info"]);
    expect(log.of("warn")).toHaveLength(1);
  });

  it("counts as deleted when the deletion failed but the url is empty afterwards", async () => {
    const api = fakeApi([url, ""], new Error("reset"));
    const log = recordingLog();
    const outcome = await ensureNoWebhook({ api, policy: "delete", log, signal });
    expect(outcome.kind).toBe("deleted");
  });

  it("is an error when the deletion failed and it is still there", async () => {
    const api = fakeApi([url, url], new Error("reset"));
    const log = recordingLog();
    await expect(ensureNoWebhook({ api, policy: "delete", log, signal })).rejects.toThrow("reset");
  });

  it("with an unreadable url is told as such", async () => {
    const outcome = await ensureNoWebhook({
      api: fakeApi(["::::"]),
      policy: "keep",
      log: recordingLog(),
      signal,
    });
    expect(outcome).toMatchObject({ host: "(unreadable url)" });
  });

  it("whose pending updates were to be dropped is not believed gone without Telegram's yes", async () => {
    const api = fakeApi([""], new Error("reset"));
    await expect(removeWebhook(api, true, signal)).rejects.toThrow("reset");
  });
});

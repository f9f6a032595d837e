import { mkdtempSync, rmSync } from "node:fs";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { systemClock } from "../../../shared/clock.ts";
import { type ControlApi, openControlApi } from "../../../supervisor/daemon/control/control-api.ts";
import { recordingLog } from "../../support/recording-log.ts";
import { FakeHost } from "./fake-host.ts";

/** Both doors before a fake supervisor, on real sockets. */
export class Stage {
  readonly stateDir = mkdtempSync(join(tmpdir(), "control-"));
  readonly host = new FakeHost();
  readonly log = recordingLog();
  private opened: ControlApi | undefined;

  async open(): Promise<this> {
    const { stateDir, host, log } = this;
    this.opened = await openControlApi({ stateDir, port: 0, host, clock: systemClock, log });
    return this;
  }

  get api(): ControlApi {
    if (this.opened === undefined) throw new Error("not open");
    return this.opened;
  }

  get port(): number {
    return Number(new URL(this.api.url).port);
  }

  get token(): string {
    return new URL(this.api.address).searchParams.get("token") ?? "";
  }

  /** A request as a browser or a stranger sends it; fetch would not let us forge Host and Origin. */
  ask(
    path: string,
    options: {
      readonly method?: string;
      readonly headers?: Readonly<Record<string, string>>;
      readonly body?: string;
    } = {},
  ): Promise<{ status: number; headers: Record<string, unknown>; text: string }> {
    const { method = "GET", headers = {}, body } = options;
    return new Promise((resolve, reject) => {
      const call = request(
        { host: "127.0.0.1", port: this.port, path, method, headers, agent: false },
        (response) => {
          let text = "";
          response.setEncoding("utf8");
          response.on("data", (chunk: string) => {
            text += chunk;
          });
          response.on("end", () => {
            resolve({ status: response.statusCode ?? 0, headers: response.headers, text });
          });
        },
      );
      call.on("error", reject);
      call.end(body);
    });
  }

  async close(): Promise<void> {
    await this.opened?.close();
    rmSync(this.stateDir, { recursive: true, force: true });
  }
}

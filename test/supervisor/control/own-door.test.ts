import {
  chmodSync,
  chownSync,
  lchownSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  symlinkSync,
} from "node:fs";
import { createServer, type Server } from "node:http";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { askPicture, giveOrder, NoSupervisorError } from "../../../supervisor/control/client.ts";
import { controlSocketPath } from "../../../supervisor/control/contract/places.ts";
import { FakeHost } from "./fake-host.ts";

const isRoot = process.getuid?.() === 0;
const nobody = 65534;

describe("a socket in the folder for everybody's temporary files", () => {
  let home: string;
  let stateDir: string;
  let folder: string;
  let asked: number;
  let server: Server;

  beforeEach(async () => {
    home = mkdtempSync(join(tmpdir(), "own-door-"));
    stateDir = join(home, "a".repeat(120));
    const socket = controlSocketPath(stateDir);
    folder = dirname(socket);
    expect(dirname(folder)).toBe(tmpdir());
    mkdirSync(folder, { mode: 0o700 });
    asked = 0;
    const picture = await new FakeHost().picture();
    server = createServer((_request, response) => {
      asked += 1;
      response.end(JSON.stringify(picture));
    });
    await new Promise<void>((resolve) => server.listen(socket, resolve));
  });

  afterEach(async () => {
    await new Promise((resolve) => server.close(resolve));
    for (const path of [home, folder]) rmSync(path, { recursive: true, force: true });
  });

  it("is used where it is ours alone", async () => {
    await askPicture(stateDir);
    expect(asked).toBe(1);
  });

  it("is told to be missing where there is no folder", async () => {
    await expect(askPicture(join(home, "b".repeat(120)))).rejects.toThrow(NoSupervisorError);
  });

  it.each<[string, boolean, () => void]>([
    ["a folder that is open to others", false, () => chmodSync(folder, 0o777)],
    ["a folder of another user", true, () => chownSync(folder, nobody, nobody)],
    [
      "a socket of another user",
      true,
      () => lchownSync(join(folder, "control.sock"), nobody, nobody),
    ],
    [
      "a link to a folder",
      false,
      () => {
        rmSync(folder, { recursive: true });
        symlinkSync(home, folder);
      },
    ],
  ])("is asked nothing: %s", async (_name, needsRoot, change) => {
    if (needsRoot && !isRoot) return;
    change();
    await expect(askPicture(stateDir)).rejects.toThrow(/nothing was asked.*TG_STATE_DIR/);
    await expect(giveOrder(stateDir, "stop", { bot: "main" })).rejects.toThrow(folder);
    expect(asked).toBe(0);
  });
});

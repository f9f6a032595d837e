import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { noAnvil } from "../../support/chain/anvil.ts";
import { coin } from "../../support/chain/local-market.ts";
import { LocalVault, vault } from "./local-vault.ts";

describe.skipIf(noAnvil !== undefined)(`a treasury on a real chain ${noAnvil ?? ""}`, () => {
  let local: LocalVault;

  beforeAll(async () => {
    local = await LocalVault.open();
  });

  afterAll(() => local.close());

  it("tells transfers above the threshold with their amounts, and no smaller ones", async () => {
    await local.pay(199n);
    await local.pay(1_000n);
    const { words } = await local.lives.hears(/In:/);
    expect(words).toMatch(/1,000 TKN \(500 USDX\)/);
    expect(words).toMatch(/to Vault/);
    expect(local.lives.said().filter((each) => each.words.includes("In:"))).toHaveLength(1);
  });

  it("tells the coin that goes out, and a balance that is low then, each once", async () => {
    await local.payCoin(vault, local.market.owner, (coin * 3n) / 2n);
    const { words } = await local.lives.hears(/Out:/);
    expect(words).toMatch(/1\.5 ETH/);
    await local.lives.hears(/Vault is low/);
    await local.payCoin(local.market.owner, vault, coin);
    const again = await local.lives.hears(/again, at least 1/);
    expect(again.words).toMatch(/has 1\.[45]\d* ETH again/);
    expect(local.lives.said().filter((each) => each.words.includes("is low"))).toHaveLength(1);
  });

  it("shows balances and their value", async () => {
    const asked = local.lives.say("/treasury");
    const { words } = await local.lives.hears(/Total/, asked);
    expect(words).toContain("1,199");
    expect(words).toContain("Total: 599.5 USDX");
    expect(words).not.toContain("imulated");
  });

  it("says so while the chain cannot be asked, and makes up for it afterwards", async () => {
    local.line.state = "broken";
    const asked = local.lives.say("/treasury");
    await local.lives.hears(/cannot be asked just now/, asked, 30_000);
    await local.pay(2_000n);
    expect(local.lives.said().some(({ words }) => words.includes("2,000 TKN"))).toBe(false);
    local.line.state = "works";
    // An address in trouble rests for a minute at most, and is then asked again.
    await local.lives.hears(/2,000 TKN/, 0, 100_000);
  }, 150_000);
});

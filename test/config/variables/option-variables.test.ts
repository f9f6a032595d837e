import { expect, it } from "vitest";
import { fillOptions } from "../../../shared/config/variables/option-variables.ts";

it("puts variables into options, at any depth", () => {
  const options = {
    chain: { rpc: ["env:BASE_RPC", "http://127.0.0.1:8545"] },
    limit: 3,
    note: null,
  };
  expect(fillOptions(options, { BASE_RPC: "https://a.example/key" })).toEqual({
    chain: { rpc: ["https://a.example/key", "http://127.0.0.1:8545"] },
    limit: 3,
    note: null,
  });
});

it.each(["env:NOT_SET", "env:lower", "see env:BASE_RPC", "env:"])("leaves %j as it is", (text) => {
  expect(fillOptions({ text }, { BASE_RPC: "x", lower: "y" })).toEqual({ text });
});

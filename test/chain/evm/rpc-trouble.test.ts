import { describe, expect, it } from "vitest";
import { shownAddress, withoutAddress } from "../../../shared/chain/evm/rpc-address.ts";
import { troubleOf } from "../../../shared/chain/evm/rpc-trouble.ts";

const nothing = {
  status: undefined,
  code: undefined,
  text: "",
  timedOut: false,
  isForEvents: false,
  cause: undefined,
};

describe("what a failed request means", () => {
  it.each([
    [{ timedOut: true }, "unreachable"],
    [{ text: "fetch failed" }, "unreachable"],
    [{ status: 502, text: "<html>" }, "unreachable"],
    [{ status: 429, text: "" }, "rate_limited"],
    [
      { code: 429, text: "Your app has exceeded its compute units per second capacity" },
      "rate_limited",
    ],
    [{ code: -32_005, text: "daily request count exceeded, request rate limited" }, "rate_limited"],
    [{ code: -32_005, text: "limit exceeded" }, "rate_limited"],
    [{ code: -32_005, text: "query returned more than 10000 results" }, "too_much"],
    [{ code: -32_600, text: "block range is too wide" }, "too_much"],
    [{ code: -32_602, text: "Log response size exceeded." }, "too_much"],
    [{ code: -32_000, text: "eth_getLogs is limited to a 10,000 blocks" }, "too_much"],
    [{ status: 413, text: "" }, "too_much"],
    [{ code: -32_000, text: "query timeout exceeded", isForEvents: true }, "too_much"],
    [{ code: -32_002, text: "request timed out", isForEvents: true }, "too_much"],
    [{ code: -32_002, text: "request timed out" }, "unreachable"],
    [{ status: 504, text: "Gateway Timeout" }, "unreachable"],
    [{ code: -32_602, text: "block range extends beyond current head block" }, "not_there"],
    [{ code: -32_000, text: "header not found" }, "not_there"],
    [
      { code: -32_000, text: "missing trie node 1234 (path ) state 0x12 is not available" },
      "not_there",
    ],
    [{ code: -32_001, text: "" }, "not_there"],
    [{ code: -32_000, text: "transaction indexing is in progress" }, "not_there"],
    [{ code: 3, text: "execution reverted" }, "strange_contract"],
    [{ code: -32_000, text: "execution reverted: rate limit" }, "strange_contract"],
    [{ code: -32_015, text: "VM execution error." }, "strange_contract"],
    [{ code: -32_000, text: "invalid opcode: INVALID" }, "strange_contract"],
    [{ status: 400, text: '{"code":3,"message":"execution reverted"}' }, "strange_contract"],
    [{ code: -32_000, text: "Unable to complete request at this time" }, "unreachable"],
    [{ code: 19, text: "Temporary internal error. Please retry" }, "unreachable"],
    [{ code: -32_000, text: "request timed out" }, "unreachable"],
    [{ code: -32_007, text: "50/second request limit reached" }, "rate_limited"],
    [{ status: 403, text: "Forbidden" }, "refused"],
    [{ code: -32_602, text: "invalid argument 0" }, "refused"],
    [{ code: -32_601, text: "the method eth_x does not exist" }, "refused"],
    [{ code: -32_603, text: "internal error" }, "unreachable"],
    [{ status: 401, text: "invalid project id" }, "refused"],
  ] as const)("%j is %s", (failure, trouble) => {
    expect(troubleOf({ ...nothing, ...failure })).toBe(trouble);
  });
});

describe("an RPC address", () => {
  const key = "a1b2c3d4e5f60718293a4b5c6d7e8f90";
  it.each([
    [`https://base.example.com/v2/${key}`, "base.example.com"],
    [`https://user:${key}@node.example:8545/`, "node.example:8545"],
    [`https://node.example/?apikey=${key}`, "node.example"],
    [`https://${key}.rpc.example/`, "….rpc.example"],
    [`http://127.0.0.1:8545/${key}`, "127.0.0.1:8545"],
  ])("is shown without its key: %s", (address, shown) => {
    expect(shownAddress(address)).toBe(shown);
    const said = withoutAddress(`no such key ${key} at ${address}; use rpc`, address);
    expect(said).not.toContain(key);
    expect(said).toContain("use rpc");
  });
});

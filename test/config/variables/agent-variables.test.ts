import { describe, expect, it } from "vitest";
import { fillAgentVariables } from "../../../shared/config/variables/agent-variables.ts";

const agents = {
  one: {
    command: "/opt/one",
    environment: { GIVEN: "x", MINE: null, ABSENT: null, NAMED_BOT_TOKEN: null, HIDDEN: null },
  },
  two: null,
};
const variables = {
  MINE: "value",
  NAMED_BOT_TOKEN: "value",
  HIDDEN: "123456:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw",
  GIVEN: "another",
  OTHER: "value",
};

describe("the variables that main's agents name without a value", () => {
  it("have the reader's own, but never a bot token, whatever its name", () => {
    expect(fillAgentVariables({ default_agent: "one", agents }, variables)).toEqual({
      default_agent: "one",
      agents: {
        one: {
          command: "/opt/one",
          environment: {
            GIVEN: "x",
            MINE: "value",
            ABSENT: null,
            NAMED_BOT_TOKEN: null,
            HIDDEN: null,
          },
        },
        two: null,
      },
    });
  });

  it.each([[{}], [{ agents: "no map" }], [{ agents: { one: { environment: [] } } }]])(
    "are none in %j",
    (options) => {
      expect(fillAgentVariables(options, variables)).toEqual(options);
    },
  );
});

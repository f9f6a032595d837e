/** The one door to viem: its transport, its errors, and the encoding of calls and events. */
export {
  createClient,
  decodeEventLog,
  decodeFunctionResult,
  encodeEventTopics,
  encodeFunctionData,
  HttpRequestError,
  http,
  parseAbi,
  rpcSchema,
} from "viem";

// What the server may do, fixed at its start: by flags, or by the environment where a flag is absent. Never by a model.
import { parseArgs } from "node:util";
import { X402Error } from "../errors.js";

const CAPS = { "per-payment": "perPayment", "per-hour": "perHour", "per-day": "perDay", total: "total" };
const ONE = { type: "string" };
const MANY = { type: "string", multiple: true };
const FLAGS = { "key-file": ONE, state: ONE, network: MANY, origin: MANY, ...Object.fromEntries(Object.keys(CAPS).map((cap) => [cap, ONE])) };

export function readSettings(args, env) {
  const flags = parsed(args);
  const one = (flag) => flags[flag] ?? env[variable(flag)];
  const many = (flag) => flags[flag] ?? env[`${variable(flag)}S`]?.split(",").map((item) => item.trim()) ?? [];
  const caps = Object.entries(CAPS).map(([flag, cap]) => [cap, one(flag)]);
  return {
    keyFile: one("key-file"),
    state: one("state"),
    networks: many("network"),
    origins: many("origin").map(origin),
    budget: Object.fromEntries(caps.filter(([, amount]) => amount !== undefined)),
    relayer: relayer(env),
  };
}

function parsed(args) {
  try {
    return parseArgs({ args, options: FLAGS }).values;
  } catch (error) {
    throw new X402Error("unknown_option", error.message);
  }
}

const variable = (flag) => `X402_${flag.toUpperCase().replaceAll("-", "_")}`;

function origin(text) {
  if (text === "*" || (URL.canParse(text) && new URL(text).origin === text)) return text;
  throw new X402Error("invalid_option", `--origin is written like https://cinema.example or "*", not ${JSON.stringify(text)}.`);
}

/** An operator's: both or neither. */
function relayer({ X402_RELAYER_KEY: key, X402_RPC_URL: rpc }) {
  if (!key && !rpc) return undefined;
  if (key && rpc) return { key, rpc };
  throw new X402Error("invalid_option", "verify_and_settle needs both X402_RELAYER_KEY and X402_RPC_URL.");
}

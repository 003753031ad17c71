// How checks are cashed.
import { X402Error } from "../errors.js";

/**
 * The gate's own key broadcasts the transfers and pays the gas.
 * @param {{ rpc: string, key: string, when?: "before" | "after", confirmations?: number, maxFeePerGas?: string }} options
 */
export function relayer(options) {
  return { kind: "relayer", options: { when: "after", ...options } };
}

/**
 * A facilitator broadcasts the transfers and pays the gas. Without `rpc` its word is taken, and recorded as such.
 * @param {string} url
 * @param {{ rpc?: string, confirmations?: number, timeoutMs?: number, when?: "after", authHeaders?: object | Function }} options
 */
export function facilitator(url, { authHeaders, ...options } = {}) {
  if (typeof authHeaders !== "function") checkAuthHeaders(authHeaders);
  return { kind: "facilitator", authHeaders, options: { url, when: "after", ...options } };
}

/**
 * Another worker cashes, which has the same ledger and is a gate of the same issuer with a `relayer()`.
 * @param {{ when?: "before" | "after", account?: string }} options
 */
export function elsewhere(options = {}) {
  return { kind: "none", elsewhere: options };
}

/** Nobody cashes: payments are verified and remembered, for tests and for operators who settle by other means. */
export function none() {
  return { kind: "none" };
}

/** How the core reaches a facilitator; undefined where it is none. */
export const clientOptions = (party) => (party?.kind === "facilitator" ? party.options : undefined);

/** One map for all doors would be sent to none, and nobody would notice. */
export function checkAuthHeaders(all = {}) {
  if (Object.values(all).every((own) => typeof own === "object")) return;
  const shape = "{ verify: { … }, settle: { … }, supported: { … } }";
  throw new X402Error("invalid_facilitator", `A facilitator's authHeaders are a map for each door: ${shape}.`);
}

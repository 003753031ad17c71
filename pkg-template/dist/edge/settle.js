// How checks are cashed.

/**
 * The gate's own key broadcasts the transfers and pays the gas.
 * @param {{ rpc: string, key: string, when?: "before" | "after", confirmations?: number, maxFeePerGas?: string }} options
 */
export function relayer(options) {
  return { kind: "relayer", options: { when: "after", ...options } };
}

/** Nobody cashes: payments are verified and remembered, for tests and for operators who settle elsewhere. */
export function none() {
  return { kind: "none" };
}

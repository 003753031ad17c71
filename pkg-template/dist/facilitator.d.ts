import type { AssetOptions, LedgerStore, Settler } from "./edge.js";

export { relayer } from "./edge.js";
export type { AssetOptions, LedgerStore, RelayerOptions, Settler } from "./edge.js";
export { X402Error } from "./errors.js";

export interface FacilitatorServiceOptions {
  /** Where it settles, CAIP-2: `["eip155:84532"]`. One chain for each relayer. */
  networks: string[];
  /** Its own record of every payment: what makes each settle once. */
  ledger: LedgerStore;
  /** A `relayer()`. */
  settle: Settler;
  /** Servers are let in that send one of these as `Authorization: Bearer`, 16 characters at least; unless given, all are. */
  secrets?: string[];
  /** Whom it settles for; unless given, for everybody. */
  payees?: string[];
  /** Assets beside the known ones. */
  assets?: AssetOptions[];
  /** What stands before `/verify`, `/settle` and `/supported` in its paths, such as `"/x402"`. */
  path?: string;
  /** How much longer than asked for an authorization may live, in seconds. Default 600. */
  skew?: number;
  /** What its records are told apart by, where it shares a ledger. Default `"facilitator"`. */
  name?: string;
}

export interface FacilitatorService<Env = unknown> {
  fetch(request: Request, env?: Env): Promise<Response>;
}

/** Options, or a function that makes them of a worker's environment, called once for each environment. */
export declare function createFacilitator<Env = unknown>(
  options: FacilitatorServiceOptions | ((env: Env) => FacilitatorServiceOptions),
): FacilitatorService<Env>;

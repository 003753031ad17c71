import type { Hooks } from "./edge/hooks.js";
import type { PaywallPage } from "./paywall.js";

export { X402Error } from "./errors.js";
export type { Check, Hooks, Paid, Place } from "./edge/hooks.js";

/** The plain data of a route: what it costs, and what a ticket for it opens. */
export interface RouteOptions {
  /** Whole units of the network's default dollar, such as `"$0.01"`. Digits that the asset does not have are an error. */
  price?: string;
  /** Atomic units, a decimal string, of `asset`. Instead of `price`. */
  amount?: string;
  /** An asset's contract, known here or described under `assets`. Default: the network's default dollar. */
  asset?: string;
  /** CAIP-2, such as `"eip155:84532"`. Default: the gate's. */
  network?: string;
  /** The payee; mixed case must carry a valid EIP-55 checksum. Default: the gate's. */
  payTo?: string;
  /** How long an authorization may live, in seconds: 10 to 86,400. Default: the gate's. */
  maxTimeoutSeconds?: number;
  /**
   * `"exact"`, the default: the price is the price. `"upto"`: it is a ceiling, and the handler says what it charges, with
   * `ticket.charge` or the header `Settlement-Overrides`. Such a route sells no tickets, and needs `relayer()`,
   * or a `facilitator()` whose `account` is named.
   */
  scheme?: "exact" | "upto";
  /** How the asset moves: by its own EIP-3009 where it has that, as is the default, or through Permit2. */
  method?: "eip3009" | "permit2";
  /** The same as the stock SDK writes it. */
  extra?: { assetTransferMethod?: "eip3009" | "permit2"; name?: string; version?: string };
  /** Several ways to pay, each with the members above. Instead of them. */
  accepts?: Pick<
    RouteOptions,
    "price" | "amount" | "asset" | "network" | "payTo" | "maxTimeoutSeconds" | "scheme" | "method" | "extra"
  >[];
  /**
   * `ttl` in seconds, default 900. Routes that share a `scope` share their tickets, so they cost the same. With
   * `revocable` the ledger is asked at each visit whether the ticket's payment bounced.
   */
  ticket?: { ttl?: number; scope?: string; revocable?: boolean };
  /** Settle, then serve; or the other way round. Default: the gate's. */
  when?: "before" | "after";
  /** For a person; shown in the challenge. */
  description?: string;
  /** The media type of what is sold. */
  mimeType?: string;
}

/** What a handler is sold under when it is wrapped on its own: `scope` names what a ticket for it opens. */
export type HandlerOptions = RouteOptions & { scope: string };

/** An asset that is not in the built-in table. Read name, version and decimals from its own contract. */
export interface AssetOptions {
  network: string;
  address: string;
  symbol: string;
  /** EIP-712 name. */
  name: string;
  /** EIP-712 version. */
  version: string;
  decimals: number;
  /** Whether its contract has EIP-3009, as is the default. Where not, it is paid through Permit2. */
  eip3009?: boolean;
}

export interface GateOptions {
  /** The payee of all routes that name none. */
  payTo?: string;
  /** The network of all routes that name none, CAIP-2. */
  network?: string;
  /** The first key signs, all check. A secret has 32 random bytes at least. `maxTtl` in seconds, default a day. */
  tickets: { issuer: string; keys: { kid: string; secret: string }[]; maxTtl?: number };
  /** `"GET /films/:id"`, `"/reports/*"` (every method). The most specific pattern wins. */
  routes?: Record<string, RouteOptions>;
  /** What costs nothing. Whatever is neither here nor in `routes` is a 404. */
  free?: string[];
  /** The office's path, default `"/token"`; `false` for none. */
  office?: string | false;
  /** Seconds, default 300. */
  maxTimeoutSeconds?: number;
  /** How much longer than asked for an authorization may live, in seconds, because clocks differ. Default 600. */
  skew?: number;
  /** Whether pages of other origins may pay here. Default true. */
  cors?: boolean;
  assets?: AssetOptions[];
  /**
   * Nodes to ask about a payment before it is accepted, by CAIP-2 network. Without one for its network a payment is
   * accepted on its signature alone: the gate then knows neither balance nor used nonces, takes no contract wallets, and
   * cannot see that an account's key was replaced by a contract (EIP-7702).
   */
  chains?: Record<string, ChainOptions>;
  /**
   * x402's `payment-identifier`: a v2 payment may, or must, have a name, and a name is good for one payment. Default: names
   * are ignored.
   */
  paymentIdentifier?: "optional" | "required";
  /** x402's `sign-in-with-x`: a payer that lost its ticket has it back for a signature. Default: off. */
  signIn?: SignInOptions;
  /** x402's `offer-receipt`: offers, and the receipts of v2 payments, are signed with a key of the operator. Default: off. */
  offerReceipt?: OfferReceiptOptions;
  /**
   * Tickets count as cookies too, for `GET` and `HEAD`: `POST <office>/cookie?scope=…` with a ticket in `Authorization`
   * sets one (`HttpOnly; Secure; SameSite=Lax`, on the routes' path). Default: only with `paywall`.
   */
  cookies?: boolean;
  /** `paywall()` of `x402-wasm/paywall`: people's browsers get a page in place of the JSON of a 402. Turns `cookies` on. */
  paywall?: PaywallPage;
  ledger: LedgerStore;
  /** Default: `none()`. In `x402-wasm/edge/lean`, which cashes nothing, `elsewhere()` or `none()` has to be said. */
  settle?: Settler;
  /** A `facilitator(url)` that has the last word on a payment before it is taken. Default: our own checks decide. */
  verify?: Settler;
  /** The order of all routes that name none. Default: the settler's. */
  when?: "before" | "after";
  /**
   * How much may be served before it is settled, in whole units of any asset: owed by one payer, owed by all, and lent
   * within an hour. Above it the gate settles first. Default: any amount.
   */
  credit?: { perPayer: string; inAll?: string; perHour?: string };
  /** For how long a record is kept after neither its payment nor its ticket can come again, in seconds. Default a day. */
  keep?: number;
  /** Opens `GET /ledger` and `POST /ledger/reconcile` to whoever has this key of at least 32 bytes. */
  operator?: { key: string; path?: string };
  /** Told what happens; each is optional. */
  hooks?: Hooks;
}

export interface SignInOptions {
  /** Where visitors see this gate, such as `"https://cinema.example"`. Never read from a request. */
  origin: string;
  /** A sentence that the wallet shows. One line. */
  statement?: string;
}

export interface OfferReceiptOptions {
  /** Where visitors see this gate, such as `"https://cinema.example"`. Never read from a request. */
  origin: string;
  /** 0x and 64 hex digits, from a secret store: a private key of its own, whose account holds no money. */
  key: string;
}

export interface ChainOptions {
  /** URLs of nodes that take batched JSON-RPC; the next is asked where one says nothing of use within five seconds. */
  rpc: string | string[];
  /** Factories that may deploy a payer's wallet while its payment is checked and cashed (ERC-6492). Default: none. */
  eip6492Factories?: string[];
}

/** The ticket that opened the gate, or the payment that bought one just now. */
export interface Ticket {
  /** The route's id as configured. */
  route: string;
  scope: string;
  /** The payer's address. A client of x402-mock holds a ticket that does not say. */
  payer?: string;
  /** The ledger's key of the payment. */
  jti?: string;
  /** Seconds since the epoch. */
  expires: number;
  /** What was paid; `amount` in atomic units, and the ceiling where `charge` is there. */
  paid?: { network: string; asset: string; amount: string };
  /**
   * Where the price is `"upto"`: says what this answer costs, as atomic units (`"4200"`), a share (`"42%"`) or dollars
   * (`"$0.0042"`). Above the ceiling it is the ceiling; without a word it is the ceiling too.
   */
  charge?(amount: string): void;
}

/** A payment's public state. */
export interface Payment {
  state: "claimed" | "granted" | "settling" | "settled" | "failed" | "unknown";
  scope: string;
  network: string;
  asset: string;
  /** Atomic units. */
  amount: string;
  payer: string;
  payTo: string;
  /** Seconds since the epoch. */
  grantedAt?: number;
  /** The hash of the transaction that cashes the check. */
  transaction?: string;
  settledAt?: number;
  /** Why the record is closed: `transferred`, `waived`, `cancelled`, `diverted` or `expired`. */
  evidence?: string;
  /** What the last look at it came to, such as `simulation_reverts`: the reason why a check is still on its way. */
  finding?: string;
  /** When it is looked at again. */
  nextLookAt?: number;
}

type Answer = Response | Promise<Response>;
/** On free routes there is no ticket. */
export type Handler<Env, Context> = (request: Request, env: Env, ctx: Context, ticket?: Ticket) => Answer;

export interface Gate<Env = unknown> {
  /** Puts a whole worker behind the route table. Export the result as the worker's default. */
  protect<Context>(handler: Handler<Env, Context>): { fetch(request: Request, env?: Env, ctx?: Context): Promise<Response> };
  /** Puts one handler of any router behind the gate. */
  paid<Context>(
    options: HandlerOptions,
    handler: Handler<Env, Context>,
  ): (request: Request, env?: Env, ctx?: Context) => Promise<Response>;
  /**
   * Inside a handler. `response` is to be sent as it is; otherwise send what `finish` returns: it grants the payment and
   * adds the receipt. Hand `finish` the promise of an answer, not its result: where that throws, the payment stays unused.
   */
  admit(
    request: Request,
    options: HandlerOptions,
    env?: Env,
    ctx?: unknown,
  ): Promise<{ response: Response } | { response?: undefined; ticket: Ticket; finish(response: Response | Promise<Response>): Promise<Response> }>;
  /** The ticket office, for routers that mount it themselves. */
  office(request: Request, env?: Env, ctx?: unknown): Promise<Response>;
  /** The networks, CAIP-2, whose payments are accepted on the signature alone: those that `chains` does not have. */
  unchecked(env: Env): string[];
  /** A payment's public state by its ticket's `jti`. */
  payment(env: Env, jti: string): Promise<Payment | undefined>;
  /**
   * Rejects where the options are wrong (`invalid_…`), the relayer cannot pay for the gas of one check
   * (`relayer_out_of_gas_money`), or no node says whether it can (`rpc_unreachable`, `rpc_unusable`).
   */
  ready(env: Env): Promise<void>;
  /** What the ledger holds. */
  report(env: Env): Promise<Report>;
  /** What differs between the ledger and the last `blocks` of the chain (default 10,000), for each payee and asset. */
  reconcile(env: Env, options?: { blocks?: number }): Promise<Reconciliation[]>;
}

/** So many payments, worth so much in whole units. */
export interface Sum {
  count: number;
  worth: string;
}

/** The operator's view of a ledger. */
export interface Report {
  /** Granted, settling and unknown. */
  outstanding: Sum;
  settled: Sum;
  failed: Sum;
  unknown: Sum;
  /** In whole units. */
  creditInUse: string;
  /** `since` in seconds since the epoch. */
  oldestUnsettled: { since: number; seconds: number } | null;
}

/** The ledger against the chain. */
export interface Reconciliation {
  network: string;
  asset: string;
  payTo: string;
  fromBlock: number;
  toBlock: number;
  /** By authorization, seen on the chain. */
  payments: number;
  /** Looked through in the ledger. */
  records: number;
  differences: {
    difference: "unknown_to_ledger" | "not_settled_in_ledger" | "other_transaction" | "not_on_chain";
    jti: string;
    transaction: string;
    state?: Payment["state"];
  }[];
}

/** What a store may keep beside a record: for sums, and for credit. */
export interface Facts {
  state: Payment["state"];
  payer: string;
  /** In millionths of a unit, rounded up. */
  worth: number;
  /** Seconds since the epoch. */
  since: number;
  onCredit: boolean;
  /** With a new record on credit: what must not be exceeded, this record included, in millionths of a unit. */
  limits?: { payer: number; all: number; window?: number; windowSince?: number };
}

/** Options, or a function that makes them of a worker's environment, called once for each environment. */
export declare function createGate<Env = unknown>(options: GateOptions | ((env: Env) => GateOptions)): Gate<Env>;

/** A store of payments. Each write is atomic and durable before it is answered; a KV namespace is not, and is refused. */
export interface LedgerStore {
  /** The store cashes what is due by itself. */
  settlesItself?: boolean;
  /** It refuses a record on credit that would exceed a limit, in the same atomic step. */
  lends?: boolean;
  /** What it would lose, where no check may wait in it: the rest of a sentence that begins with "ledger". */
  forgets?: string;
  read(key: string): Promise<{ record: string; version: number } | undefined>;
  /**
   * Replaces a record that still has this version (0: that does not exist), or removes it where `record` is undefined.
   * Answers with the version that the record has now or had last, and with false where another one is there. No version
   * is used twice for a key, also when its record was removed in between. `dueAt` in seconds since the epoch.
   */
  write(
    key: string,
    expectedVersion: number,
    record: string | undefined,
    dueAt?: number,
    facts?: Facts,
  ): Promise<number | false | "no_credit">;
  /** The longest due first. */
  due(now: number, limit: number): Promise<{ key: string; record: string; version: number; dueAt?: number }[]>;
  /** In the order of the keys, behind `after`; for `reconcile`. */
  page?(after: string, limit: number): Promise<{ key: string; record: string; version: number }[]>;
  /** Sums by state; for `report`. `worth` and `credit` in millionths, as decimal text. */
  tally?(): Promise<{ state: string; count: number; worth: string; credit: string; since: number }[]>;
  /** Gives one of several processes the seat until then; for stores that do not settle by themselves. */
  lease?(name: string, now: number, until: number): Promise<boolean>;
}

/** How checks are cashed. */
export interface Settler {
  readonly kind: string;
}

export interface RelayerOptions {
  /**
   * The node's URL, or those of up to ten. A node must take batched JSON-RPC. The next one is asked where one says nothing
   * of use within five seconds; a look at a check starts at another one from time to time.
   */
  rpc: string | string[];
  /** The key that sends the transfers and pays for gas, `0x` and 64 hex digits. It owns nothing else. */
  key: string;
  /** Serve first and cash in the background, or settle first. Default `"after"`. */
  when?: "before" | "after";
  /** How deep a block must lie before what it holds is final: 1 to 100, default 1. */
  confirmations?: number;
  /** The most that a gas may cost, in wei, a decimal string. Default 100 gwei. */
  maxFeePerGas?: string;
  /** How checks share a transaction. Default: those that are due at the same time do, and none waits for others. */
  batch?: BatchOptions;
}

/** Checks wait for others until so many are there, one is so old, or gas is cheap. */
export interface BatchOptions {
  /** At most so many in one transaction: 1 to 150, default 100. With 1 each goes alone. */
  count?: number;
  /**
   * For how many seconds a check waits for others after it was granted: 0 to 3600, default 0. It goes two minutes before its
   * authorization expires all the same, and at once where somebody waits for the settlement.
   */
  age?: number;
  /** Those that wait go at once while a gas costs no more than this, tip included: wei, a decimal string. */
  gasPrice?: string;
}

/** The gate's own key broadcasts the transfers. */
export declare function relayer(options: RelayerOptions): Settler;
/** Headers for each door of a facilitator: one map for all of them is an error. */
export interface FacilitatorHeaders {
  supported?: Record<string, string>;
  verify?: Record<string, string>;
  settle?: Record<string, string>;
}

export interface FacilitatorOptions {
  /** A node's URL, or several: the chain then says what came of a settlement. Without it the facilitator's word is recorded as such. */
  rpc?: string | string[];
  /** How deep a block must lie before what it holds is final: 1 to 100, default 1. Counts with `rpc`. */
  confirmations?: number;
  /** How long an answer may take, in milliseconds. Default 30000. */
  timeoutMs?: number;
  /** Serve first and settle in the background, or settle first. */
  when?: "before" | "after";
  /** Who sends its transfers, as its `/supported` lists under `signers`. Needed where a price is `"upto"`. */
  account?: string;
  /** What lets the gate in at the facilitator, or a function that is asked before each request. */
  authHeaders?: FacilitatorHeaders | (() => FacilitatorHeaders | Promise<FacilitatorHeaders>);
}

/** Somebody else's service broadcasts the transfers and pays for gas. Redirects are not followed: name its final address. */
export declare function facilitator(url: string, options?: FacilitatorOptions): Settler;
export interface ElsewhereOptions {
  /** Serve first, or when the other worker has settled. Default `"after"`. */
  when?: "before" | "after";
  /** The account of the other worker's relayer. Needed where a price is `"upto"`. */
  account?: string;
}

/**
 * Another worker cashes what is sold here: one that has the same ledger, and a gate of the same issuer with a `relayer()`.
 * This one holds no key.
 */
export declare function elsewhere(options?: ElsewhereOptions): Settler;
/** Nobody cashes: payments are verified and remembered. */
export declare function none(): Settler;

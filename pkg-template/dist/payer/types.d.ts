import type { X402Error } from "../errors.js";

/** A chain by its CAIP-2 id, such as `eip155:84532` for Base Sepolia. */
export type Network = `eip155:${number}`;
/** 20 bytes; mixed case must carry the EIP-55 checksum. */
export type Address = `0x${string}`;
/** Whole units of an asset in decimal, such as `"0.10"`. Never a number: money is exact. */
export type Units = string;
/** Atomic units of an asset in decimal, such as `"10000"` for a cent of USDC. */
export type AtomicUnits = string;
/** Seconds since the epoch. */
export type Seconds = number;

export interface PayerOptions {
  /** Who signs. */
  wallet: Wallet;
  /** On which chains it may pay; on no other. There is no default. */
  networks: readonly Network[];
  /** What it may spend. Without it: $0.10 a payment and $1.00 a day. */
  budget?: Budget;
  /**
   * Allows payments through Permit2, and asks for what each of them needs: an allowance of exactly its amount. Ask the
   * wallet's owner, send `transaction` where the chain does not allow as much yet, and resolve to `true` once it does;
   * anything else refuses the payment. Without this option, offers of Permit2 are refused.
   */
  permit2?: (needed: Allowance) => boolean | Promise<boolean>;
  /**
   * Asked when an origin names another payee than the one it is pinned to, and nothing else is against the payment: `true`
   * pays, and pins the new payee; anything else refuses with `payee_changed`, as without this option. Nothing is signed
   * before the answer. Of many requests at once one asks. Needs the full build.
   */
  confirm?: (change: PayeeChange) => boolean | Promise<boolean>;
  /**
   * When a server that offers `sign-in-with-x` is shown a signature instead of a payment: `"auto"`, the default, where the
   * payer knows that it paid and its ticket is gone; `"always"` also without knowing; `"never"`.
   */
  signIn?: "auto" | "always" | "never";
  /**
   * Looks at what servers sign (`offer-receipt`, EIP-712): an offer whose signature is wrong, too old or below something
   * else is not paid, and receipts are told as the event `receipt`. Without this option, nobody looks.
   */
  offerReceipt?: {
    /** Also refuse offers that are not signed. Default false. */
    required?: boolean;
    /** Who may sign, by origin. An origin that is not listed is pinned to its first signer. */
    signers?: Readonly<Record<string, readonly Address[]>>;
  };
  /** Assets beside the known ones. They win over known ones at the same address. */
  assets?: readonly Asset[];
  /** Carries the requests; `globalThis.fetch` if absent. */
  fetch?: typeof globalThis.fetch;
  /** Keeps the payer's state from one page to the next. Without it, it lives as long as the payer. */
  store?: Store | SharedStore;
}

/** The caps hold over all assets together: a unit of any allowed asset counts as one. */
export interface Budget {
  /** At most this for one payment. Default `"0.10"`. */
  perPayment?: Units;
  /** At most this in any hour, rounded up by a quarter of an hour. */
  perHour?: Units;
  /** At most this in any 24 hours, rounded up by a quarter of an hour. Default `"1.00"`. */
  perDay?: Units;
  /** At most this ever. */
  total?: Units;
  /** How long a signature may be good, 1 to 86,400 seconds. Default 600. */
  maxValidity?: number;
  /** Who may be paid, by origin. An origin that is not listed is pinned to the first payee that it names. */
  payees?: Readonly<Record<string, readonly Address[]>>;
  /**
   * Caps for single origins, within those above, by origin; under `"*"` those of each origin that is not listed. Needs the
   * full build, which counts by origin even before there is a cap. What a lean payer spent from the same store counts for
   * every origin, because it notes none.
   */
  origins?: Readonly<Record<string, OriginCaps>>;
  /** Whatever an origin asks for: only these, beside all other rules. Needs the full build. */
  allow?: {
    /** In these assets, by address. */
    assets?: readonly Address[];
    /** To these payees. */
    payees?: readonly Address[];
  };
}

/** As in {@link Budget}, for one origin. */
export interface OriginCaps {
  perPayment?: Units;
  perHour?: Units;
  perDay?: Units;
  total?: Units;
}

/** An origin wants somebody else to be paid than before. */
export interface PayeeChange {
  code: "payee_changed";
  origin: string;
  url: string;
  /** To whom the origin is pinned. */
  known: Address;
  /** Whom it names now. */
  payee: Address;
  /** What is to be paid. */
  offer: Offer;
}

/** What a payment through Permit2 needs: never more than its amount. */
export interface Allowance {
  network: Network;
  asset: Address;
  symbol: string;
  amount: Units;
  atomicAmount: AtomicUnits;
  /** Whose money it is. */
  owner: Address;
  /** Permit2. */
  spender: Address;
  /** `approve(spender, atomicAmount)` of the asset, for `eth_sendTransaction`. */
  transaction: { from: Address; to: Address; data: `0x${string}` };
}

/** An ERC-20. `name` and `version` are those of its EIP-712 domain. */
export interface Asset {
  network: Network;
  address: Address;
  symbol: string;
  name: string;
  version: string;
  /** 0 to 18. */
  decimals: number;
  /** Whether its contract has EIP-3009, as is the default. Where not, it is paid through Permit2. */
  eip3009?: boolean;
}

/**
 * Keeps one text. It holds tickets and signatures that are good for something: keep it like a purse.
 * A payment leaves only after `save` has resolved.
 */
export interface Store {
  load(): string | undefined | null | Promise<string | undefined | null>;
  save(text: string): void | Promise<void>;
}

/** A store that several payers use at once, such as the tabs of a site. They share its budget, tickets and lines. */
export interface SharedStore extends Store {
  /**
   * Calls `change` once with the text, and keeps what it returns, if it returns one. Nobody else changes the text in
   * between. Resolves once that is durable.
   */
  update(change: (text: string | undefined) => string | undefined): Promise<void>;
  /** Resolves to a function that lets go, once nobody else holds `line`. A holder that dies lets go. */
  lock(line: string, signal?: AbortSignal): Promise<() => void>;
  /** Calls `listener` whenever somebody else has changed the text. */
  watch?(listener: () => void): void;
}

/**
 * A viem account fits, and so do {@link LocalWallet}, {@link ProviderWallet} and a vault. Where `x402-wasm` is the small
 * build, a wallet that signs by itself has its payer load the full one with the first request.
 */
export type Wallet = LocalWallet | TypedDataSigner | LockedWallet;

/** A wallet that has to be unlocked before it signs, such as the `Vault` of `x402-wasm/vault`. */
export interface LockedWallet {
  readonly address: string | undefined;
  /** Called whenever something is to be signed. */
  unlock(): Promise<LocalWallet>;
}

export interface TypedDataSigner {
  readonly address: string;
  /** Returns a signature of 65 bytes as hex. It is checked before it is sent. */
  signTypedData(typedData: any): Promise<string>;
  /** Signs a personal message (EIP-191). Without it nobody signs in, and the payer pays. */
  signMessage?(text: { message: string }): Promise<string>;
}

/** What is signed: EIP-712, with `types.EIP712Domain` and integers as decimal strings. */
export type TypedData = TransferTypedData | PermitTypedData;

/** For EIP-3009. */
export interface TransferTypedData {
  types: Record<"EIP712Domain" | "TransferWithAuthorization", { name: string; type: string }[]>;
  primaryType: "TransferWithAuthorization";
  domain: { name: string; version: string; chainId: number; verifyingContract: Address };
  message: {
    from: Address;
    to: Address;
    value: AtomicUnits;
    validAfter: string;
    validBefore: string;
    nonce: `0x${string}`;
  };
}

/** For Permit2: x402's forms have a witness, x402-mock's has none. */
export interface PermitTypedData {
  types: Record<string, { name: string; type: string }[]>;
  primaryType: "PermitWitnessTransferFrom" | "PermitTransferFrom";
  domain: { name: "Permit2"; chainId: number; verifyingContract: Address };
  message: {
    permitted: { token: Address; amount: AtomicUnits };
    spender: Address;
    nonce: string;
    deadline: string;
    witness?: { to: Address; facilitator?: Address; validAfter: string };
  };
}

/** A key inside the wasm module: no JavaScript value holds it. Meant for small amounts. */
export declare class LocalWallet {
  private constructor();
  /** A new key from the host's randomness. It is gone with the page, and with a trapped wasm instance. */
  static generate(): LocalWallet;
  /** Takes the 32 bytes of a key and wipes them in the array. */
  static import(key: Uint8Array): LocalWallet;
  readonly address: Address;
  /** Wipes the key. */
  destroy(): void;
  [Symbol.dispose](): void;
}

/** An EIP-1193 wallet, such as a browser extension. */
export declare class ProviderWallet implements TypedDataSigner {
  constructor(provider: Eip1193Provider, address: string);
  /** Asks the wallet's owner for an account. */
  static connect(provider: Eip1193Provider): Promise<ProviderWallet>;
  readonly address: string;
  signTypedData(typedData: TypedData): Promise<string>;
  signMessage(text: { message: string }): Promise<string>;
}

export interface Eip1193Provider {
  request(request: { method: string; params?: any }): Promise<any>;
}

export interface Payer extends EventTarget {
  /** Whose money it is. */
  readonly address: string;
  /**
   * Like `fetch`, and pays where a server asks for it. Everything but a 402 passes untouched.
   * Fails with an {@link X402Error} where it does not pay, or with `fetch`'s own error.
   * `maxAmount` is the most that this request may cost: it lowers `perPayment`, and never raises it. What is no
   * amount allows none.
   */
  fetch(input: RequestInfo | URL, init?: RequestInit & { maxAmount?: Units }): Promise<Response>;
  /** The tickets that still open something. */
  tickets(): Ticket[];
  /** The caps, and what counts against them. */
  spending(): Spending;
  addEventListener<Type extends keyof PayerEvents>(
    type: Type,
    listener: ((event: CustomEvent<PayerEvents[Type]>) => void) | null,
    options?: boolean | AddEventListenerOptions,
  ): void;
  removeEventListener<Type extends keyof PayerEvents>(
    type: Type,
    listener: ((event: CustomEvent<PayerEvents[Type]>) => void) | null,
    options?: boolean | EventListenerOptions,
  ): void;
}

export interface PayerEvents {
  /** A payment was signed, is counted, and is about to leave. */
  payment: Payment;
  /** A ticket was bought. */
  ticket: Ticket;
  /** What a server signed about a payment, where the option `offerReceipt` asks to look. */
  receipt: Receipt;
  /** A request failed for a reason of the payer's, of the server's, or of a wallet that has codes of its own. */
  refusal: { code: ErrorCode | (string & {}); message: string; reason?: string; limit?: Limit; offer?: Offer };
  /** What counts against the caps is another sum than before; also where another tab has spent it. */
  budget: Spending;
}

export interface Ticket {
  origin: string;
  /** What it opens there. */
  scope: string;
  expires: Seconds;
  /** The payment's key in the gate's ledger, where the gate says. */
  jti?: string;
}

export interface Payment {
  origin: string;
  url: string;
  amount: Units;
  symbol: string;
  asset: Address;
  network: Network;
  payTo: Address;
  validBefore: Seconds;
  nonce: `0x${string}`;
  typedData: TypedData;
}

/** Keep `receipt` and `offer` as they are: the signatures below them are the evidence. */
export interface Receipt {
  origin: string;
  url: string;
  /** Whether it is signed, by whoever signs for this origin, for this payment. If not, `error` says why. */
  verified: boolean;
  signer?: Address;
  error?: { code: ErrorCode; message: string };
  /** As it came. */
  receipt?: Record<string, unknown>;
  /** The signed offer that was paid, as it came. */
  offer?: Record<string, unknown>;
}

/** Which of its owner's options keeps a payer from paying. The full build tells it; the small one names caps in `message`. */
export interface Limit {
  /** Its path, such as `budget.perDay`. */
  option: string;
  /** What a cap still allows. */
  left?: Units;
}

export interface Offer {
  /** Absent where the asset is not known. */
  amount?: Units;
  atomicAmount: AtomicUnits;
  symbol?: string;
  asset: Address;
  network: Network;
  payTo: Address;
}

export interface Spending {
  perPayment: Units;
  perHour?: { limit: Units; spent: Units };
  perDay: { limit: Units; spent: Units };
  total?: { limit: Units; spent: Units };
  /** By origin, where an origin that was paid has caps of its own. */
  origins?: Record<
    string,
    {
      perPayment?: Units;
      perHour?: { limit: Units; spent: Units };
      perDay?: { limit: Units; spent: Units };
      total?: { limit: Units; spent: Units };
    }
  >;
}

export declare function createPayer(options: PayerOptions): Payer;

/** The stock SDK's habit: a fetch that pays with this payer, over the given fetch. */
export declare function wrapFetchWithPayment(fetch: typeof globalThis.fetch, payer: Payer): typeof globalThis.fetch;

/** `PAYMENT-RESPONSE`, or `X-PAYMENT-RESPONSE` of x402 v1: what became of a payment. It is the server's word. */
export interface SettleResponse {
  success: boolean;
  /** Empty while the check is not cashed yet. */
  transaction: string;
  /** Its CAIP-2 id; in x402 v1 its name, such as `base-sepolia`. */
  network: string;
  payer?: string;
  errorReason?: string;
  extensions?: Record<string, unknown>;
}

export declare function decodePaymentResponseHeader(header: string): SettleResponse;
/** The same, under the name that the v1 packages have for it. */
export declare function decodeXPaymentResponse(header: string): SettleResponse;
export declare function decodePaymentRequiredHeader(header: string): Record<string, unknown>;
export declare function decodePaymentSignatureHeader(header: string): Record<string, unknown>;

/** Every `code` that this side throws. */
export type ErrorCode =
  | "unknown_option"
  | "invalid_option"
  | "needs_full_build"
  | "damaged_state"
  | "insecure_origin"
  | "redirected_challenge"
  | "unreadable_challenge"
  | "unreadable_header"
  | "foreign_office"
  | "authorization_in_use"
  | "body_not_replayable"
  | "no_acceptable_offer"
  | "network_not_allowed"
  | "unknown_asset"
  | "asset_mismatch"
  | "permit2_not_allowed"
  | "allowance_refused"
  | "invalid_payee"
  | "asset_not_allowed"
  | "payee_not_allowed"
  | "payee_changed"
  | "over_per_payment"
  | "over_per_hour"
  | "over_per_day"
  | "over_total"
  | "over_origin_per_payment"
  | "over_origin_per_hour"
  | "over_origin_per_day"
  | "over_origin_total"
  | "over_max_amount"
  | "store_failed"
  | "no_randomness"
  | "wallet_refused"
  | "wallet_lost"
  | "wallet_signature_invalid"
  | "payment_refused"
  | "offer_not_signed"
  | "offer_signature_invalid"
  | "offer_signer_changed"
  | "offer_expired"
  | "offer_mismatch"
  | "receipt_not_signed"
  | "receipt_signature_invalid"
  | "receipt_signer_changed"
  | "receipt_outdated"
  | "receipt_mismatch"
  | "payment_outcome_unknown"
  | "payment_not_honoured"
  | "not_initialized"
  | "internal_error";

// A shop over real HTTP that keeps every signature which reaches it, and counts what they are worth. Honest by itself; each
// villain replaces a part of it.
import { once } from "node:events";
import { createServer } from "node:http";
import { recoverTypedDataAddress } from "viem";

export const NETWORK = "eip155:84532";
export const USDC = "0x036CbD53842c5426634e7929541eC2318f3dCF7e";
export const PAYEE = "0x2de7B9388C249D20800bA097eD5DEb66e4437Dc4";

const FIELDS = { from: "address", to: "address", value: "uint256", validAfter: "uint256", validBefore: "uint256", nonce: "bytes32" };
const TYPES = { TransferWithAuthorization: Object.entries(FIELDS).map(([name, type]) => ({ name, type })) };
const DOMAIN = { name: "USDC", version: "2", chainId: 84532, verifyingContract: USDC };

export class Shop {
  /** Every request that came. */
  seen = [];
  /** By nonce, what could be cashed. */
  checks = new Map();
  #server;

  /** `parts` replace methods and offers. */
  constructor(parts = {}) {
    Object.assign(this, parts);
  }

  async open() {
    this.#server = createServer((request, response) => this.#take(request, response).catch(() => response.destroy()));
    this.#server.listen(0, "127.0.0.1");
    await once(this.#server, "listening");
    this.origin = `http://127.0.0.1:${this.#server.address().port}`;
    return this;
  }

  close() {
    this.#server.close();
    this.#server.closeAllConnections();
  }

  /** What its signatures are worth together, in atomic units. */
  get income() {
    return [...this.checks.values()].reduce((sum, { value }) => sum + BigInt(value), 0n);
  }

  get posts() {
    return this.seen.filter(({ method, url }) => method === "POST" && url.startsWith("/token"));
  }

  /** Whether a secret of somebody else's reached it. */
  get loot() {
    return this.seen.filter(({ headers, body }) => headers.authorization || headers["payment-signature"] || headers["x-payment"] || body.includes("signature"));
  }

  // What a villain may replace.
  offer = () => ({ scheme: "exact", network: NETWORK, amount: "10000", asset: USDC, payTo: PAYEE, maxTimeoutSeconds: 300, extra: { name: "USDC", version: "2" } });
  accepts = (turn) => [this.offer(turn)];
  office = "/token";
  challenge = (turn) => ({
    x402Version: 2,
    error: "payment_required",
    resource: { url: `${this.origin}/film` },
    accepts: this.accepts(turn),
    extensions: this.office === undefined ? undefined : { ticket: { info: { endpoint: this.office, scope: "matinee", ttl: 600 } } },
  });
  turnAway = (request, response, turn) => response.writeHead(402, { "payment-required": toHeader(this.challenge(turn)) }).end("{}");
  sell = (payment, response) => response.end(JSON.stringify({ access_token: payment.payload.authorization.nonce, token_type: "Bearer", expires_in: 600, scope: "matinee" }));
  serve = (payment, response) => {
    response.setHeader("payment-response", toHeader({ success: true, transaction: "", network: NETWORK }));
    response.end("the film");
  };
  opens = (ticket) => this.checks.has(ticket);
  /** Called first; says whether it has answered. */
  first = () => false;

  async #take(request, response) {
    let body = "";
    for await (const chunk of request) body += chunk;
    const { method, url, headers } = request;
    this.seen.push({ method, url, headers, body });
    const header = headers["payment-signature"] ?? headers["x-payment"];
    const payment = header ? fromHeader(header) : method === "POST" && url.startsWith("/token") ? JSON.parse(body) : undefined;
    if (payment) await this.#keep(payment);
    if (this.first(request, response, payment)) return;
    if (payment) return header ? this.serve(payment, response) : this.sell(payment, response);
    if (this.opens(headers.authorization?.replace("Bearer ", ""))) return response.end("the film");
    this.turns = (this.turns ?? 0) + 1;
    this.turnAway(request, response, this.turns);
  }

  /** Keeps what anybody could take to the asset's contract: viem's opinion, not ours. */
  async #keep({ payload: { authorization: message, signature } }) {
    const signer = await recoverTypedDataAddress({ domain: DOMAIN, types: TYPES, primaryType: "TransferWithAuthorization", message, signature });
    if (signer.toLowerCase() === message.from.toLowerCase()) this.checks.set(message.nonce, message);
  }
}

export const toHeader = (document) => Buffer.from(typeof document === "string" ? document : JSON.stringify(document)).toString("base64");
export const fromHeader = (header) => JSON.parse(Buffer.from(header, "base64").toString());

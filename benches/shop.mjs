// What every contestant sells and buys: one film for one offer, and the ticket that it opens with.

export const NETWORK = "eip155:84532";
export const ASSET = "0x036CbD53842c5426634e7929541eC2318f3dCF7e";
export const PAYEE = "0x209693Bc6afc0C5328bA36FaF03C514EF312287C";
export const FILM = "https://shop.example/film";

export const OFFER = {
  scheme: "exact",
  network: NETWORK,
  amount: "10000",
  asset: ASSET,
  payTo: PAYEE,
  maxTimeoutSeconds: 300,
  extra: { name: "USDC", version: "2" },
};

export const CHALLENGE = { x402Version: 2, resource: { url: FILM }, accepts: [OFFER] };

export const DOMAIN = { name: "USDC", version: "2", chainId: 84532, verifyingContract: ASSET };
export const PRIMARY_TYPE = "TransferWithAuthorization";
export const TYPES = {
  TransferWithAuthorization: [
    { name: "from", type: "address" },
    { name: "to", type: "address" },
    { name: "value", type: "uint256" },
    { name: "validAfter", type: "uint256" },
    { name: "validBefore", type: "uint256" },
    { name: "nonce", type: "bytes32" },
  ],
};

export const ISSUER = "https://shop.example";
export const SCOPE = "matinee";
export const SECRET = "a secret of the benchmarks, 32 bytes";
export const KID = "bench";
export const TTL = 600;
export const TICKETS = { issuer: ISSUER, keys: [{ kid: KID, secret: SECRET }] };
/** A ticket's header. */
export const HEADER = { alg: "HS256", kid: KID, typ: "JWT" };

export const now = () => Math.floor(Date.now() / 1_000);

// npm @x402/express with npm @x402/extensions, as their READMEs have it: names for payments, signing in, signed offers and
// receipts, and one extension that our payer does not know.
import { createServer } from "node:http";
import express from "express";
import { HTTPFacilitatorClient } from "@x402/core/server";
import { ExactEvmScheme } from "@x402/evm/exact/server";
import { paymentMiddleware, x402ResourceServer } from "@x402/express";
import {
  InMemorySIWxStorage,
  PAYMENT_IDENTIFIER,
  bazaarResourceServerExtension,
  createEIP712OfferReceiptIssuer,
  createOfferReceiptExtension,
  createSIWxResourceServerExtension,
  declareDiscoveryExtension,
  declareOfferReceiptExtension,
  declarePaymentIdentifierExtension,
  declareSIWxExtension,
  extractPaymentIdentifier,
  paymentIdentifierResourceServerExtension,
} from "@x402/extensions";
import { generatePrivateKey, privateKeyToAccount } from "viem/accounts";

const NETWORK = "eip155:84532";

/** `origin` is where it listens. What it saw of each payment is at `GET /seen`, and who signs at `GET /signer`. */
export function open({ facilitator, payTo, origin }) {
  const signer = privateKeyToAccount(generatePrivateKey());
  const issuer = createEIP712OfferReceiptIssuer(`did:pkh:eip155:1:${signer.address}`, (typed) => signer.signTypedData(typed));
  const server = new x402ResourceServer(new HTTPFacilitatorClient({ url: facilitator }))
    .register(NETWORK, new ExactEvmScheme())
    .registerExtension(paymentIdentifierResourceServerExtension)
    .registerExtension(createSIWxResourceServerExtension({ origin, storage: new InMemorySIWxStorage() }))
    .registerExtension(createOfferReceiptExtension(issuer))
    .registerExtension(bazaarResourceServerExtension);
  const seen = [];
  server.onAfterVerify(async ({ paymentPayload }) => {
    const { nonce } = paymentPayload.payload.authorization;
    seen.push({ nonce, id: extractPaymentIdentifier(paymentPayload), extensions: Object.keys(paymentPayload.extensions) });
  });
  const extensions = {
    [PAYMENT_IDENTIFIER]: declarePaymentIdentifierExtension(true),
    ...declareSIWxExtension({ network: NETWORK, statement: "Welcome back." }),
    ...declareOfferReceiptExtension(),
    ...declareDiscoveryExtension({ output: { example: { film: "moon" } } }),
  };
  const accepts = { scheme: "exact", price: "$0.01", network: NETWORK, payTo };
  const app = express();
  app.get("/seen", (_request, response) => response.json(seen));
  app.get("/signer", (_request, response) => response.json(signer.address));
  app.use(paymentMiddleware({ "GET /film": { accepts, description: "A film", extensions } }, server));
  app.get("/film", (_request, response) => response.json({ film: "moon" }));
  return createServer(app);
}

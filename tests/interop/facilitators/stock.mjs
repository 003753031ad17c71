// The stock facilitator, on the local chain: `/verify`, `/settle` and `/supported` for v2 and v1.
import { x402Facilitator } from "@x402/core/facilitator";
import { toFacilitatorEvmSigner } from "@x402/evm";
import { ExactEvmScheme } from "@x402/evm/exact/facilitator";
import { ExactEvmSchemeV1 } from "@x402/evm/exact/v1/facilitator";
import { UptoEvmScheme } from "@x402/evm/upto/facilitator";
import { createWalletClient, http, publicActions } from "viem";
import { privateKeyToAccount } from "viem/accounts";
import { baseSepolia } from "viem/chains";

/** A request listener for node:http. */
export function stockFacilitator({ rpcUrl, key }) {
  const account = privateKeyToAccount(key);
  const wallet = createWalletClient({ account, chain: baseSepolia, transport: http(rpcUrl), pollingInterval: 20 });
  const signer = toFacilitatorEvmSigner({ ...wallet.extend(publicActions), address: account.address });
  const facilitator = new x402Facilitator()
    .register("eip155:84532", new ExactEvmScheme(signer))
    .register("eip155:84532", new UptoEvmScheme(signer))
    .registerV1("base-sepolia", new ExactEvmSchemeV1(signer));
  const counters = {
    "GET /supported": () => facilitator.getSupported(),
    "POST /verify": ({ paymentPayload, paymentRequirements }) => facilitator.verify(paymentPayload, paymentRequirements),
    "POST /settle": ({ paymentPayload, paymentRequirements }) => facilitator.settle(paymentPayload, paymentRequirements),
  };
  return async (request, response) => {
    const counter = counters[`${request.method} ${request.url}`];
    if (!counter) return response.writeHead(404).end();
    try {
      const body = await bodyOf(request);
      const answer = await counter(body && JSON.parse(body));
      response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(answer));
    } catch (error) {
      console.error("the stock facilitator:", error);
      response.writeHead(500, { "content-type": "application/json" }).end(JSON.stringify({ error: error.message }));
    }
  };
}

async function bodyOf(request) {
  let body = "";
  for await (const chunk of request) body += chunk;
  return body;
}

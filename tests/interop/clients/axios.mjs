// npm @x402/axios, as its README has it.
import axios from "axios";
import { decodePaymentResponseHeader, wrapAxiosWithPaymentFromConfig } from "@x402/axios";
import { ExactEvmScheme } from "@x402/evm/exact/client";

export async function buy(url, account) {
  const api = wrapAxiosWithPaymentFromConfig(axios.create(), {
    schemes: [{ network: "eip155:*", client: new ExactEvmScheme(account) }],
  });
  const { status, data, headers } = await api.get(url);
  const receipt = headers["payment-response"];
  return { status, body: data, receipt: receipt && decodePaymentResponseHeader(receipt) };
}

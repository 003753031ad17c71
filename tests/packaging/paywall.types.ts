// Compiled, never run: pages for people, in front of a gate, on a site, and by a service worker.
import { createPayer, LocalWallet } from "x402-wasm";
import { createGate, none } from "x402-wasm/edge";
import { memory } from "x402-wasm/edge/memory";
import { paywall } from "x402-wasm/paywall";
import { quote } from "x402-wasm/paywall-element";
import type { PaidEvent, Paywall } from "x402-wasm/paywall-element";
import { payFor } from "x402-wasm/service-worker";

const tickets = { issuer: "https://cinema.example", keys: [{ kid: "2026-11", secret: "0".repeat(32) }] };
const page = paywall({ title: "A cinema", burner: true, faucet: "/faucet", texts: { de: { pay: "{price} zahlen" } } });
createGate({ tickets, paywall: page, ledger: memory({ forTests: true }), settle: none() });
createGate({ tickets, cookies: true, ledger: memory({ forTests: true }) });

// @ts-expect-error: the page comes from `paywall()`.
createGate({ tickets, paywall: true, ledger: memory({ forTests: true }) });
// @ts-expect-error: translations are by language.
paywall({ texts: { pay: "{price}" } });

const element: Paywall = document.createElement("x402-paywall");
element.addEventListener("paid", (event) => {
  const { response, offer } = (event as PaidEvent).detail;
  void [response satisfies Response, offer.amount satisfies string, offer.symbol satisfies string];
});
const asked = await quote(await fetch("/films/1"));
void (asked?.offers[0]?.payTo satisfies string | undefined);

const payer = createPayer({ wallet: LocalWallet.generate(), networks: ["eip155:84532"] });
payFor(() => payer, { covers: (request) => request.destination === "video" });
payFor(async () => payer);

// What the shipped builds say to the vectors, inside whatever engine this is bundled for: `answer(vectors)` is plain data
// in and plain data out.
import { LocalWallet, createPayer } from "x402-wasm";
import { createGate } from "x402-wasm/edge";
import { memory } from "x402-wasm/edge/memory";

const FILM = "https://cinema.example/film";

/** By the build that a gate loads: the least configuration that asks for it. */
const GATES = { edge: {}, "edge-full": { paymentIdentifier: "optional" } };

export async function answer({ now, payTo, network, payments, keys, offer, signers }) {
  Date.now = () => now * 1_000;
  const verdicts = {};
  for (const [build, options] of Object.entries(GATES)) {
    const gate = createGate({
      payTo,
      network,
      tickets: { issuer: "https://cinema.example", keys: [{ kid: "a", secret: "a secret that only this test knows." }] },
      routes: { "GET /film": { price: "$0.01", maxTimeoutSeconds: 60 } },
      ledger: memory({ forTests: true }),
      ...options,
    }).protect(() => new Response("the film"));
    verdicts[build] = [];
    for (const header of payments) verdicts[build].push(await verdict(gate, header));
  }
  const addresses = keys.map((key) => imported(key, ({ address }) => address));
  const paid = [];
  for (const key of signers) paid.push(await imported(key, (wallet) => payment(wallet, network, offer)));
  return { verdicts, addresses, paid };
}

/** The code of a refusal, "" where the handler ran. */
async function verdict(gate, header) {
  const response = await gate.fetch(new Request(FILM, { headers: { "payment-signature": header } }), {}, { waitUntil() {} });
  if (response.status === 200) return "";
  const { code } = await response.json();
  return code ?? `status ${response.status}`;
}

const imported = (key, use) => use(LocalWallet.import(Uint8Array.from(key)));

/** The header in which a wallet pays this offer. */
async function payment(wallet, network, offer) {
  let sent = "";
  const server = async (input, init) => {
    sent = new Request(input, init).headers.get("payment-signature");
    return sent ? new Response("the film") : new Response("{}", { status: 402, headers: { "payment-required": offer } });
  };
  const payer = createPayer({ wallet, networks: [network], fetch: server });
  await payer.fetch(FILM);
  wallet.destroy();
  return sent;
}

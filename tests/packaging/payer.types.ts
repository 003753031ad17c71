// Compiled, never run: the README's five lines and their neighbours.
import { createPayer, decodePaymentResponseHeader, decodeXPaymentResponse, init, LocalWallet, ProviderWallet, wrapFetchWithPayment, X402Error } from "x402-wasm";
import type { ErrorCode, Payer } from "x402-wasm";
import { init as initSlim } from "x402-wasm/slim";
import { explain } from "x402-wasm/explain";
import { cancelAuthorization, exportHistory, history } from "x402-wasm/history";
import { file } from "x402-wasm/store/file";
import { indexedDb } from "x402-wasm/store/indexeddb";
import { Vault } from "x402-wasm/vault";
import type { VaultErrorCode } from "x402-wasm/vault";
import { connectWallet, watchWallets } from "x402-wasm/wallets";
import type { WalletErrorCode } from "x402-wasm/wallets";
import { privateKeyToAccount } from "viem/accounts";

const payer: Payer = createPayer({
  wallet: LocalWallet.generate(),
  networks: ["eip155:84532"],
  budget: { perPayment: "0.05", perDay: "1.00", payees: { "https://cinema.example": ["0x2de7B9388C249D20800bA097eD5DEb66e4437Dc4"] } },
});
createPayer({ wallet: privateKeyToAccount(`0x${"11".repeat(32)}`), networks: ["eip155:8453"] });
createPayer({ wallet: await ProviderWallet.connect({ request: async () => ["0x"] }), networks: ["eip155:8453"] });

const response: Response = await payer.fetch(new URL("https://cinema.example/films/1"), { method: "POST", body: "x" });
payer.addEventListener("payment", ({ detail: { typedData } }) => {
  if (typedData.primaryType === "TransferWithAuthorization") typedData.message.value satisfies string;
  else typedData.message.permitted.amount satisfies string;
});
createPayer({
  wallet: LocalWallet.generate(),
  networks: ["eip155:84532"],
  permit2: async ({ amount, transaction }) => amount === "0.01" && transaction.data.startsWith("0x"),
});
payer.addEventListener("ticket", ({ detail }) => detail.expires satisfies number);
payer.addEventListener("refusal", ({ detail }) => detail.offer?.payTo);
wrapFetchWithPayment(fetch, payer)("https://cinema.example/");
decodePaymentResponseHeader(response.headers.get("payment-response") ?? "").success satisfies boolean;
decodeXPaymentResponse(response.headers.get("x-payment-response") ?? "").network satisfies string;
await init();
await initSlim(fetch("browser.wasm"));
const told = (error: unknown) => (error instanceof X402Error ? (error.code as ErrorCode) : undefined);
export const reason = (error: X402Error) => error.reason satisfies string | undefined;
told(payer.spending().perDay.spent);

// @ts-expect-error an allowance is asked for, never given for good
createPayer({ wallet: LocalWallet.generate(), networks: ["eip155:1"], permit2: true });
// @ts-expect-error money is not a number
createPayer({ wallet: LocalWallet.generate(), networks: ["eip155:1"], budget: { perDay: 1 } });
// @ts-expect-error networks have no default
createPayer({ wallet: LocalWallet.generate() });
// @ts-expect-error keys come from generate or import
new LocalWallet();

const vault = await Vault.open({ name: "mine", lockAfter: 60 });
(await vault.generate({ passkey: { rpName: "The cinema" } })).address satisfies string;
createPayer({ wallet: vault, networks: ["eip155:84532"], store: indexedDb("mine") }).addEventListener("budget", ({ detail }) => detail.perDay.spent);
const stop = watchWallets(async ([first]) => {
  const wallet = await first?.connect({ chains: { "eip155:84532": { chainName: "Base Sepolia", rpcUrls: ["https://sepolia.base.org"], nativeCurrency: { name: "Ether", symbol: "ETH", decimals: 18 } } } });
  if (wallet) createPayer({ wallet, networks: ["eip155:84532"] });
});
stop();
const kept = file("payer.state");
createPayer({ wallet: await connectWallet({ request: async () => ["0x"] }), networks: ["eip155:84532"], store: kept });
kept.close();
export const codes: (VaultErrorCode | WalletErrorCode)[] = ["vault_damaged", "wallet_busy"];
for (const { nonce, state } of history(payer)) if (state === "pending") (await cancelAuthorization(payer, nonce)).data satisfies string;
exportHistory(payer, "csv") satisfies string;
payer.addEventListener("refusal", ({ detail }) => detail.offer && explain(detail.offer).text);
payer.addEventListener("payment", ({ detail }) => explain(detail.typedData).isTest satisfies boolean);
// @ts-expect-error a vault is opened
new Vault();

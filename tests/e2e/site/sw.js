import { createPayer, LocalWallet } from "x402-wasm";
import { payFor } from "x402-wasm/service-worker";

payFor(() => createPayer({ wallet: LocalWallet.generate(), networks: ["eip155:84532"] }));

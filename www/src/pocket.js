import { createPayer, init, LocalWallet } from "x402-wasm/full";
import { indexedDb } from "x402-wasm/store/indexeddb";
import { Vault } from "x402-wasm/vault";
import { connectWallet, watchWallets } from "x402-wasm/wallets";
import { byId, element } from "./element.js";
import { dollars } from "./format.js";

const BUDGET = { perPayment: "0.10", perDay: "1.00" };
const NETWORK = "eip155:84532";
const KEPT = {
  sealed: "This browser keeps the key, sealed, for your next visit.",
  own: "Your own wallet keeps the key.",
  nowhere: "This browser keeps nothing: the wallet is gone when you leave or reload this page.",
};

/** The visitor's wallet, its balance and its budget. Emits "change" when another wallet takes over. */
export class Pocket extends EventTarget {
  payer;
  wallet;
  #trace;
  #counter;
  #vault;

  /** `trace` carries the payer's requests, `counter` those of the page itself. */
  constructor(trace, counter) {
    super();
    this.#trace = trace;
    this.#counter = counter;
    byId("fill").addEventListener("click", () => this.fill());
    byId("burner").addEventListener("click", () => this.#useNewBurner());
    watchWallets((wallets) =>
      this.#offerOwn(wallets.map((wallet) => ({ name: `Use ${wallet.name}`, connect: () => wallet.connect() }))),
    );
    const old = window.ethereum;
    if (old && byId("own-wallets").childElementCount === 0) {
      this.#offerOwn([{ name: "Use my own wallet", connect: () => connectWallet(old) }]);
    }
  }

  /** A wallet that this page made for itself: the one of the last visit, or a new one with something in it. */
  async open() {
    await init();
    this.#vault = await Vault.open({ name: "burner" }).catch(() => undefined);
    const isKnown = this.#vault?.address !== undefined;
    await this.#use(isKnown ? this.#vault : await this.#makeBurner());
    await (isKnown ? this.refresh() : this.fill());
  }

  /** Sealed by the browser, so that key, budget and tickets outlive the page together. */
  async #makeBurner() {
    try {
      await this.#vault.remove();
      await this.#vault.generate();
      return this.#vault;
    } catch {
      this.#vault = undefined;
      return LocalWallet.generate();
    }
  }

  async fill() {
    byId("fill").disabled = true;
    await this.#showBalance(() =>
      this.#counter.fetch("/faucet", {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ address: this.wallet.address }),
      }),
    );
    byId("fill").disabled = false;
  }

  async refresh() {
    this.#showBudget();
    await this.#showBalance(() => this.#counter.fetch(`/balance/${this.wallet.address}`));
  }

  async #useNewBurner() {
    await this.#use(await this.#makeBurner());
    await this.refresh();
  }

  #offerOwn(wallets) {
    const buttons = wallets.map((wallet) => {
      const button = element("button", { type: "button", className: "quiet" }, wallet.name);
      button.addEventListener("click", () => this.#useOwn(wallet));
      return button;
    });
    byId("own-wallets").replaceChildren(...buttons);
  }

  async #useOwn(wallet) {
    try {
      await this.#use(await wallet.connect());
      await this.refresh();
    } catch (error) {
      byId("pocket-note").textContent = error.message;
    }
  }

  /** Another payer for the same wallet, that may spend less, and remembers nothing. */
  payerWithin(budget, trace) {
    return createPayer({ wallet: this.wallet, budget, networks: [NETWORK], fetch: trace.fetch });
  }

  async #use(wallet) {
    // What a wallet that the page forgets has paid is nothing to remember.
    const isKept = !(wallet instanceof LocalWallet);
    const store = isKept ? indexedDb(`cinema ${wallet.address}`) : undefined;
    const payer = createPayer({ wallet, budget: BUDGET, networks: [NETWORK], fetch: this.#trace.fetch, store });
    // The first request takes up what was kept.
    await payer.fetch("/films").catch(() => {});
    this.wallet = wallet;
    this.payer = payer;
    byId("address").textContent = wallet.address;
    byId("kept").textContent = KEPT[isKept ? (wallet === this.#vault ? "sealed" : "own") : "nowhere"];
    this.#showBudget();
    this.dispatchEvent(new Event("change"));
  }

  #showBudget() {
    const { perPayment, perDay } = this.payer.spending();
    byId("budget-text").textContent = `${dollars(perDay.spent)} of ${dollars(perDay.limit)}`;
    byId("budget-meter").max = Number(perDay.limit);
    byId("budget-meter").value = Number(perDay.spent);
    byId("per-payment").textContent = dollars(perPayment);
  }

  async #showBalance(ask) {
    const { address } = this.wallet;
    const { balance, message } = await ask().then((response) => response.json(), unreachable);
    if (address !== this.wallet.address) return;
    byId("balance").textContent = balance ?? "?";
    byId("pocket-note").textContent = message ?? "";
  }
}

function unreachable() {
  return { message: "The cinema does not answer. Is the gate running?" };
}

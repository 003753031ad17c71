// <x402-paywall src="…">: shows what is at a URL, after asking a person to pay for it.
import { createPayer } from "../payer/payer.js";
import { quote } from "../payer/quote.js";
import { init } from "../payer/wasm.js";
import { Panel } from "./panel.js";
import { shown } from "./show.js";
import { STYLE } from "./style.js";
import { speaker } from "./texts.js";
import { burner, findInjected } from "./wallets.js";

/** The person's yes is the limit: a payer of this element may spend what was on the button, and nothing else. */
const ANY = "1000000000000";

/** Elements that show a price, and payers that bought: what one element paid for opens the others too. */
const waiting = new Set();
const payers = new Set();

export class Paywall extends HTMLElement {
  /** Its own payer, where the site has one: then no wallet is asked for. */
  payer;
  /** Keeps what was signed until it is answered, as a payer's. */
  store;
  #root = this.attachShadow({ mode: "open" });
  #stop = () => {};
  #panel;
  #answer;
  #quote;

  constructor() {
    super();
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(STYLE);
    this.#root.adoptedStyleSheets = [sheet];
  }

  connectedCallback() {
    const languages = [this.closest("[lang]")?.lang, ...navigator.languages];
    this.say = speaker(JSON.parse(this.getAttribute("texts") ?? "{}"), languages);
    this.open();
  }

  disconnectedCallback() {
    this.#stop();
    waiting.delete(this);
  }

  /** What is gated. */
  get url() {
    return new URL(this.getAttribute("src"), document.baseURI).href;
  }

  /** Carries the requests. */
  carry(input, init) {
    return fetch(input, init);
  }

  /** Asks for it: shows the price, or the thing itself where that costs nothing. */
  async open() {
    try {
      await init();
      this.#answer = await this.carry(this.url);
      this.#quote = this.#answer.status === 402 ? await quote(this.#answer, { url: this.url }) : null;
      if (!this.#quote) return await this.show(this.#answer);
      for (const payer of payers) if (this.#isOpenTo(payer)) return await this.#enter(payer);
      waiting.add(this);
      this.#panel = new Panel(this.#quote, this.say, (offer, wallet) => this.#pay(offer, wallet));
      this.#root.replaceChildren(this.#panel.node);
      this.#offerWallets();
      this.ready?.(this.#panel, this.#quote);
    } catch (error) {
      this.#root.replaceChildren(document.createTextNode(this.#reason(error)));
    }
  }

  /** Shows what was paid for. */
  async show(response) {
    this.#root.replaceChildren(await shown(response, this.say));
  }

  #offerWallets() {
    this.#stop();
    if (this.payer) {
      this.#panel.add({ name: this.payer.address });
      return;
    }
    this.#stop = findInjected((wallet) => this.#panel.add(wallet));
    if (this.hasAttribute("burner")) this.#panel.add({ ...burner(this.getAttribute("faucet")), name: this.say("burner") });
  }

  async #pay(offer, wallet) {
    const panel = this.#panel;
    try {
      panel.tell(this.say("connecting"));
      const payer = this.payer ?? (await this.#payerFor(offer, wallet));
      const response = await payer.fetch(this.url, { maxAmount: offer.amount });
      waiting.delete(this);
      payers.add(payer);
      for (const other of waiting) if (other.#isOpenTo(payer)) other.#enter(payer).catch(console.error);
      panel.close(this.say("done"), "good");
      const paid = new CustomEvent("paid", { detail: { response, offer }, cancelable: true, bubbles: true, composed: true });
      if (this.dispatchEvent(paid)) await this.show(response);
    } catch (error) {
      panel.tell(this.#reason(error), "bad");
    }
  }

  #isOpenTo(payer) {
    const { origin, scope } = this.#quote;
    return payer.tickets().some((ticket) => ticket.origin === origin && ticket.scope === scope);
  }

  /** With a ticket that is there already, and with nothing else. */
  async #enter(payer) {
    waiting.delete(this);
    await this.show(await payer.fetch(this.url, { maxAmount: "0" }));
  }

  async #payerFor(offer, wallet) {
    const { origin } = this.#quote;
    const signer = await (wallet.connected ??= wallet.connect().catch((error) => {
      wallet.connected = undefined;
      throw error;
    }));
    this.#panel.tell(this.say("signing"));
    // What was shown is what can be paid: this asset's network, this payee, this amount.
    const payer = createPayer({
      wallet: signer,
      networks: [offer.network],
      budget: { perPayment: offer.amount, perDay: ANY, payees: { [origin]: [offer.payTo] } },
      store: this.store,
      fetch: (input, init) => this.#carryPaid(input, init),
    });
    payer.addEventListener("payment", () => this.#panel.tell(this.say("sent")));
    return payer;
  }

  /** What the person saw is what is paid: the first request is answered with the challenge on the screen. */
  #carryPaid(input, init) {
    const asks = input === this.url && !new Headers(init?.headers).has("authorization");
    const answer = asks ? this.#answer : undefined;
    if (!answer) return this.carry(input, init);
    this.#answer = answer.clone();
    return answer;
  }

  // Words for a person where there are some; the payer's own are in English.
  #reason({ code, message, reason }) {
    return this.say(reason ?? "") ?? this.say(code ?? "unreachable") ?? message;
  }
}

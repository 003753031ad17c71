// What a person sees: what it costs, to whom, for how long, and one button.
import { h } from "./dom.js";
import { duration } from "./texts.js";

/** The panel for a quote. `pay(offer, wallet)` is called once for each press of the button, never while one is under way. */
export class Panel {
  #say;
  #pay;
  #offers;
  #quote;
  #wallets = [];
  #price = h("p", { className: "price" });
  #facts = h("dl", {});
  #status = h("p", { className: "status", role: "status" });
  #button;
  #choices = h("fieldset", { hidden: true });
  #busy = false;

  constructor(quote, say, pay) {
    this.#say = say;
    this.#pay = pay;
    this.#quote = quote;
    this.#offers = quote.offers;
    this.#choices.append(h("legend", {}, say("payWith")));
    this.#button = h("button", { type: "button", onclick: () => this.#press() });
    this.node = h("section", { role: "group", "aria-labelledby": "title" }, ...this.#contents(), this.#choices, this.#button, this.#status, h("p", { className: "promise" }, say("promise")));
    this.#refresh();
  }

  /** One wallet more to choose from. */
  add(wallet) {
    this.#wallets.push(wallet);
    const radio = h("input", { type: "radio", name: "wallet", checked: this.#wallets.length === 1 });
    wallet.radio = radio;
    const icon = wallet.icon && h("img", { src: wallet.icon, alt: "", width: 24, height: 24 });
    this.#choices.append(h("label", {}, radio, icon, wallet.name ?? this.#say("browserWallet")));
    this.#choices.hidden = false;
    this.tell("");
    this.#refresh();
  }

  tell(text, tone = "") {
    this.#status.textContent = text;
    this.#status.dataset.tone = tone;
  }

  /** There is nothing to press any more. */
  close(text, tone) {
    this.#button.hidden = this.#choices.hidden = true;
    this.tell(text, tone);
  }

  get #offer() {
    return this.#offers.find(({ radio }) => radio?.checked) ?? this.#offers[0];
  }

  #contents() {
    const { description, reason } = this.#quote;
    const why = this.#say(reason ?? "");
    return [
      why && h("p", { className: "reason" }, why),
      h("h2", { id: "title" }, description || this.#say("title")),
      this.#price,
      this.#offers.length > 1 ? this.#offerChoices() : undefined,
      this.#facts,
    ];
  }

  /** Of the offer that would be paid, and of no other. */
  #showTerms(offer) {
    const { origin, ttl } = this.#quote;
    const row = (name, ...value) => [h("dt", {}, this.#say(name)), h("dd", {}, ...value)];
    this.#price.hidden = !offer;
    this.#price.replaceChildren(...(offer ? [h("strong", {}, offer.amount), ` ${offer.symbol}`] : []));
    this.#facts.replaceChildren(
      ...row("to", new URL(origin).host, offer ? h("code", { title: offer.payTo }, `${offer.payTo.slice(0, 6)}…${offer.payTo.slice(-4)}`) : ""),
      ...(ttl ? row("opens", duration(ttl, this.#say.language)) : []),
      ...(offer ? row("on", networkOf(offer)) : []),
    );
  }

  #offerChoices() {
    const choices = this.#offers.map((offer, index) => {
      offer.radio = h("input", { type: "radio", name: "offer", checked: index === 0, onchange: () => this.#refresh() });
      return h("label", {}, offer.radio, `${priceOf(offer)} · ${networkOf(offer)}`);
    });
    return h("fieldset", {}, h("legend", {}, this.#say("offers")), ...choices);
  }

  #refresh() {
    const offer = this.#offer;
    this.#showTerms(offer);
    const ready = offer && this.#wallets.length > 0 && !this.#busy;
    // Not `disabled`: the button would lose the focus of whoever pressed it.
    this.#button.setAttribute("aria-disabled", String(!ready));
    this.node.setAttribute("aria-busy", String(this.#busy));
    this.#button.textContent = this.#busy ? this.#say("paying") : this.#say("pay", { price: offer ? priceOf(offer) : "" });
    if (!offer) this.close(this.#say("noOffer"), "bad");
    else if (this.#wallets.length === 0) this.tell(this.#say("noWallet"));
  }

  async #press() {
    if (this.#button.getAttribute("aria-disabled") === "true") return;
    this.#busy = true;
    this.#refresh();
    const wallet = this.#wallets.find(({ radio }) => radio.checked) ?? this.#wallets[0];
    await this.#pay(this.#offer, wallet);
    this.#busy = false;
    this.#refresh();
  }
}

const priceOf = ({ amount, symbol }) => `${amount} ${symbol}`;
const networkOf = ({ network, networkName }) => networkName ?? network;

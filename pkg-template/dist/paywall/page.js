// The page that a gate answers a person's browser with. The challenge stands in the page; a ticket that was bought is
// exchanged for a cookie, and the browser asks again.
import { loadLaterFrom } from "../payer/wasm.js";
import { Paywall } from "./element.js";
import { speaker } from "./texts.js";

const STATE = "x402-paywall";
const ENTERED = "x402-paywall-entered";
/** Back here so soon after entering, the cookie was not kept. */
const SOON_MS = 10_000;

loadLaterFrom(() => fetch(new URL(WASM_FILE, import.meta.url)));

const challenge = document.querySelector('meta[name="x402-challenge"]').content;
const url = location.href.split("#")[0];

class Page extends Paywall {
  // It outlives a reload in the middle of a payment, and not the tab: what is paid is kept as a cookie.
  store = {
    load: () => sessionStorage.getItem(STATE),
    save: (text) => sessionStorage.setItem(STATE, text),
  };

  get url() {
    return url;
  }

  carry(input, init) {
    const ticket = new Headers(init?.headers).get("authorization");
    if (ticket) return this.#exchange(ticket);
    if (init?.method === "POST") return fetch(input, init);
    return new Response(null, { status: 402, headers: { "payment-required": challenge } });
  }

  ready(panel, { ttl }) {
    const entered = Number(sessionStorage.getItem(ENTERED));
    if (!navigator.cookieEnabled || Date.now() - entered < Math.min(SOON_MS, ttl * 1000)) panel.close(this.say("noCookies"), "bad");
  }

  show() {
    sessionStorage.removeItem(STATE);
    sessionStorage.setItem(ENTERED, Date.now());
    location.reload();
  }

  /** The door beside the office gives a cookie for a ticket. */
  #exchange(authorization) {
    const { endpoint } = JSON.parse(atob(challenge)).extensions.ticket.info;
    const door = new URL(endpoint, url);
    door.pathname += "/cookie";
    return fetch(door, { method: "POST", headers: { authorization } });
  }
}

const texts = JSON.parse(document.querySelector("x402-paywall").getAttribute("texts") ?? "{}");
const say = speaker(texts, navigator.languages);
document.documentElement.lang = say.language;
document.title ||= say("title");
customElements.define("x402-paywall", Page);

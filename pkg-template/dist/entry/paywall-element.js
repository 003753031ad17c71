// x402-wasm/paywall-element: defines <x402-paywall>. The wasm comes along as text, so no bundler has to know about it.
import { loadFrom, loadFullWith } from "../payer/wasm.js";
import { Paywall } from "../paywall/element.js";
import bytes from "../wasm/paywall.inline.js";

loadFrom(bytes, 1);
loadFullWith(() => import("./later.inline.js"));
customElements.get("x402-paywall") ?? customElements.define("x402-paywall", Paywall);

export { quote } from "../payer/quote.js";
export { Paywall };

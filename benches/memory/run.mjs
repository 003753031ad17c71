// Linear memory never shrinks, so it must not grow: tickets checked and payments verified in one instance.
import { payment, toHeader } from "../peers/payments.mjs";
import { secp256k1 } from "@bitauth/libauth";
import { checkATicket } from "../inside/tickets.mjs";
import { KEY, authorize } from "../inside/offer.mjs";
import { bytes, hex, layoutFor } from "../peers/layout.mjs";
import { ourGates } from "../peers/gate.mjs";
import { GATES } from "../peers/wasm.mjs";
import { DOMAIN, OFFER } from "../shop.mjs";

const [tickets, payments] = process.argv.slice(2).map(Number);
const layout = layoutFor(DOMAIN);
const key = bytes(KEY);

const [[name, { checkTicket, verifyPayment }]] = ourGates;
// Asked again, the glue answers with the instance that is there.
const { memory } = (await GATES[name]()).initSync();
const size = () => memory.buffer.byteLength;

function sign() {
  const authorization = authorize(OFFER);
  const { signature, recoveryId } = secp256k1.signMessageHashRecoverableCompact(key, layout(authorization));
  return toHeader(payment(authorization, `0x${hex(signature)}${(27 + recoveryId).toString(16)}`));
}

function check(count) {
  const own = checkATicket.inputs();
  for (let place = 0; place < count; place++) checkTicket(own[place % own.length]);
}

function verify(count) {
  for (let left = count; left > 0; left -= 1) verifyPayment(sign());
}

check(5_000);
verify(200);
const before = size();
const lines = [];
for (const [what, work, count] of [["ticket checks", check, tickets], ["verifications", verify, payments]]) {
  const start = size();
  work(count);
  lines.push({ what, count, grown: size() - start });
}
console.log(JSON.stringify({ before, lines }));

// Buys, fails and is turned away at a worker that logs aloud, then tells its parent every secret of the run.
import { SECRET, asPermit, openWorld, ticketOf, toHeader } from "./world.mjs";

const world = await openWorld({ silent: false });
const secrets = [SECRET, world.chain.relayer.key.slice(2)];

async function pay(path) {
  const payment = await world.pay(path);
  secrets.push(payment.payload.signature.slice(2), toHeader(payment));
  return payment;
}

try {
  const paid = await world.payOn("/films/moon", await pay("/films/moon"));
  const ticket = ticketOf(paid).token;
  const sold = await (await world.buy("matinee", asPermit(await pay("/films/moon")))).json();
  secrets.push(ticket, sold.access_token);
  await world.settled(sold.jti);

  await world.withTicket("/films/premiere", ticket);
  await world.withTicket("/films/moon", `${ticket}x`);
  await world.payOn("/films/premiere", await pay("/films/moon"));
  await world.buy("matinee", { ...(await pay("/films/moon")), x402Version: 9 });
  await world.payOn("/films/moon", await pay("/films/moon"), { headers: { "x-fate": "throw" } });
  await world.payOn("/films/moon", await pay("/films/moon"), { headers: { "x-overflow": "1" } });

  await world.gate.restart({ RPC_URL: "http://127.0.0.1:9" });
  await world.buy("matinee", await pay("/films/moon"));
  await new Promise((resolve) => setTimeout(resolve, 1_500));
} finally {
  await world.close();
}
process.send(secrets, () => process.disconnect());

import { byId, element } from "./element.js";
import { clock, shortHex } from "./format.js";

const holder = byId("stubs");
const stubs = new Map();

/** Shows the tickets that a payer holds; a new one is printed in front of your eyes. */
export function showTickets(tickets, lifetimes) {
  const held = new Set(tickets.map(({ jti }) => jti));
  for (const [jti, { node }] of stubs) {
    if (held.has(jti)) continue;
    node.remove();
    stubs.delete(jti);
  }
  for (const ticket of tickets) if (!stubs.has(ticket.jti)) print(ticket, lifetimes[ticket.scope]);
  holder.querySelector(".empty").hidden = stubs.size > 0;
  tick();
}

function print({ jti, scope, expires }, lifetime) {
  const time = element("span", { className: "stub-clock", role: "timer" });
  const left = element("i");
  const node = element(
    "article",
    { className: "stub", data: { scope, jti, fresh: "true" }, "aria-label": `Ticket: ${scope}` },
    element("span", { className: "stub-name" }, `Admit one · ${scope}`),
    time,
    element("span", { className: "stub-number" }, `No. ${shortHex(jti)}`),
    element("span", { className: "stub-left" }, left),
  );
  stubs.set(jti, { node, time, left, expires, lifetime: lifetime ?? expires - now() });
  holder.prepend(node);
}

function tick() {
  for (const { node, time, left, expires, lifetime } of stubs.values()) {
    const remaining = expires - now();
    node.dataset.state = remaining > 0 ? "good" : "expired";
    time.textContent = remaining > 0 ? clock(remaining) : "over";
    left.style.transform = `scaleX(${Math.max(0, Math.min(1, remaining / lifetime))})`;
  }
}

function now() {
  return Date.now() / 1000;
}

setInterval(tick, 1000);

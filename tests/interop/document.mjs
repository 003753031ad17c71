// docs/interop.md, made of the cells and of what a run found in them. Nothing in it depends on when or where that was.
import {
  CAST,
  CLIENTS,
  EXAMINED,
  FACILITATORS,
  GATES,
  GATES_SETTLED_BY_STOCK,
  OUR_PAYER,
  PAYERS,
  SAFETY,
  SERVERS,
  SERVERS_SETTLED_BY_US,
} from "./cells.mjs";
import { OUR_PAYER_WITH_EXTENSIONS, STOCK_CLIENT_WITH_EXTENSIONS } from "./plays/extensions.mjs";
import { OUR_PAYER_BY_PERMIT2, STOCK_CLIENT_BY_PERMIT2 } from "./plays/permit2.mjs";
import { versionsOf } from "./stage/versions.mjs";

/** The document's text. `found` holds, by a test's name, what it found; a cell that failed is not in it. */
export async function documentOf(found) {
  const sections = [opening(), clientsAtOurGate(found), ourPayerAtServers(found), byPermit2(found), withExtensions(found), settlements(found), conformance(found), await versions()];
  return `${sections.join("\n\n")}\n`;
}

const opening = () => `# Who works with whom

<!-- Made by \`cargo xtask test interop\` of what its tests found, and compared with it in every run. Not edited by hand. -->

Every cell below is a test that \`cargo xtask test interop\` runs: with the real packages of the others, from their
registries and in the versions at the end, on a local chain whose USDC signs for the same domain as Base Sepolia's. Each
purchase costs 0.01 USDC. Names in \`code\` are what went over the wire.`;

const clientsAtOurGate = (found) => `## Stock clients at our gate

A cell names the header that our gate saw on the request that it served. It also proves that the client, set up as its
documentation says, got the film with one call; that it read the receipt with its own decoder, and success, network and
payer are in it; that the chain shows exactly one transfer from the payer, of the price, to the payee; and that our ledger
names the same transaction. (x402-mock knows neither receipts nor a number to look into the ledger with.) The gate in
workerd has its ledger in a Durable Object, the one in Node in memory.

${table(["", ...GATES], CLIENTS, (client, gate) => result(found, `${client.id} buys at ${gate.id}`, client))}

The client in Chromium is in a page of another origin. On its paid request it sends \`Access-Control-Expose-Headers\`,
which is a header for answers; our preflight allows it, because otherwise no page could pay with this client.`;

const ourPayerAtServers = (found) => `## Our payer at stock servers

A cell names what carried the payment. It also proves that the payer got the film with one call and one signature, that
its budget counted 0.01, and that the chain shows exactly one transfer of the price to the server's payee. The servers of
x402 settle through the stock facilitator, x402-mock's settles by itself. The page in Chromium is of another origin. No
stock server lets such a page read its headers, so each of these has CORS in front, as its operator would add it.

${table(["", ...PAYERS], SERVERS, (server, payer) => result(found, `${payer.id} buys at ${server.id}`, server))}

\`@x402/hono\` in workerd, set up as its README says, asks its facilitator at module scope, where a worker may not: its
first request is answered with 500, and the next ones are gated. Our payer hands that answer over and signs nothing.`;

const byPermit2 = (found) => `## Permit2

A cell names the scheme. At our gate it proves that \`@x402/fetch\` got what it asked for by the method that the offer asks
for, and that the chain shows exactly one transfer, of the price (\`exact\`) or of what the handler charged (\`upto\`). Of our
payer it proves that its owner was asked for an allowance of exactly the amount, that the server's price or charge moved, and
that nothing more is allowed than was. Permit2 and x402's proxies are contracts of our own at their addresses, with the same
signatures, types and checks, because no registry package carries theirs.

${table(["", ...GATES], STOCK_CLIENT_BY_PERMIT2, (play, gate) => result(found, `${play.id} at ${gate.id}`, play))}

${table(["", OUR_PAYER], OUR_PAYER_BY_PERMIT2, (play, payer) => result(found, `${payer.id}, ${play.id}`, play))}`;

const withExtensions = (found) => `## Extensions

\`@x402/extensions\`, with \`@x402/fetch\` at our gate and with \`@x402/express\` in front of our payer. A name proves that the
same payment under it gets the same film, and at our gate that another one gets a 409. Signing in proves that who paid once
comes back with its key, without a second transfer. A signature proves that one side's verifier takes the other side's offers
and receipt, that they name what was bought, and that our payer refuses a signer that its owner does not list. The stock
server compares every extension that comes back with what it said.

${table(["@x402/fetch", ...GATES], STOCK_CLIENT_WITH_EXTENSIONS, (play, gate) => result(found, `${play.id} at ${gate.id}`, play))}

${table(["@x402/express", OUR_PAYER], OUR_PAYER_WITH_EXTENSIONS, (play, payer) => result(found, `${payer.id}, ${play.id}`, play))}`;

const settlements = (found) => `## Facilitators

A stock client buys; a cell proves that it got the film, that the chain shows exactly one transfer of the price to the
payee, and that the facilitator's own key sent it. Where our gate is the server, its ledger names that transaction in the
end. Where the server is a stock one, its receipt does. Such a server remembers nothing, so that a payment buys once is its
facilitator's affair: the payment is sent four times at once, which buys one film, and once more, which gets a 402.

${table(["the stock facilitator", { id: "exact", does: "settles" }, { id: "upto", does: "settles upto" }], GATES_SETTLED_BY_STOCK, (gate, { does }) => result(found, `the stock facilitator ${does} for ${gate.id}`, gate))}

${table(["", ...FACILITATORS], SERVERS_SETTLED_BY_US, (server, { id }) => result(found, `${id} settles for ${server.id}`, server))}`;

const conformance = (found) => `## The conformance suite

What \`x402-conformance\` checks at a server or a facilitator over HTTP. A warning would be a failure here.

${["resource", "live"].map((mode) => checks(found, EXAMINED.filter((examined) => examined.mode === mode), looksAt)).join("\n\n")}

Its safety checks are written for Solana and call a facilitator as an object; an adapter of ours makes their payments
EIP-3009 authorizations, sends them over HTTP, and holds up the local chain where a payment is not to be final yet.

${checks(found, [SAFETY], ({ id }) => `x402-conformance's safety checks at ${id}`)}`;

const looksAt = ({ id }) => `x402-conformance looks at ${id}`;

function checks(found, examined, nameOf) {
  const known = [...new Set(examined.flatMap((one) => found.get(nameOf(one)) ?? []))].sort(byNumber);
  if (known.length === 0) return list(examined.map((one) => `${one.id}: ${result(found, nameOf(one), one)}`));
  const verdict = (check, one) => (found.get(nameOf(one))?.includes(check) ? "holds" : result(found, nameOf(one), one));
  return table(["check", ...examined], known.map((check) => ({ id: check, check })), ({ check }, one) => verdict(check, one));
}

const byNumber = (a, b) => a.localeCompare(b, "en", { numeric: true });

async function versions() {
  const peers = [...new Set([...[...CLIENTS, ...GATES, ...SERVERS].map(({ peer }) => peer), ...CAST])].sort();
  const rows = (await versionsOf(peers)).map(([peer, version]) => `| ${peer} | ${version} |`);
  return `## Versions

Node, Chromium and Python are those of the machine.

| | |
|---|---|
${rows.join("\n")}`;
}

function result(found, name, { missing }) {
  if (missing) return `*missing: ${missing}*`;
  if (!found.has(name)) return "**fails**";
  return [found.get(name)].flat().map((way) => `\`${way}\``).join(", then ");
}

function table([corner, ...columns], rows, cell) {
  const line = (cells) => `| ${cells.join(" | ")} |`;
  const head = [line([corner, ...columns.map(({ id }) => id)]), `|${"---|".repeat(columns.length + 1)}`];
  const title = ({ id, dialect }) => (dialect ? `${id}, ${dialect}` : id);
  return [...head, ...rows.map((row) => line([title(row), ...columns.map((column) => cell(row, column))]))].join("\n");
}

const list = (items) => items.map((item) => `- ${item}`).join("\n");

// Texts on their way into the gate's module: the glue copies short ones letter by letter and long ones at once, and what it
// copies is the text. The module is asked as the shell asks it.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import test from "node:test";

const folder = new URL("dist/wasm/", import.meta.resolve("x402-wasm/package.json"));
const glue = await import(new URL("edge.js", folder));
glue.initSync({ module: readFileSync(new URL("edge_bg.wasm", folder)) });

const ISSUER = "https://cinema.example";
const FILM = `${ISSUER}/film`;
const NOW = 1_800_000_000;
const gate = glue.gateOpen(
  {
    payTo: "0x209693Bc6afc0C5328bA36FaF03C514EF312287C",
    tickets: { issuer: ISSUER, keys: [{ kid: "a", secret: "a secret that only this test knows." }] },
    routes: { "GET /film": { price: "$0.01", network: "eip155:84532" } },
    settles: false,
    hooks: [],
  },
  {},
);

/** The step for a request with these headers, of which one may be a function that answers. */
function asked(url, headers = {}, method = "GET") {
  const get = (name) => (typeof headers[name] === "function" ? headers[name]() : (headers[name] ?? null));
  return glue.gateBegin(gate, { method, url, headers: { get } }, NOW);
}

/** What the gate says that it was asked for. */
const echo = (url) => JSON.parse(atob(asked(url).headers["PAYMENT-REQUIRED"])).resource.url;

const LENGTHS = [1, 62, 63, 64, 65, 66, 127, 500, 1900];

test("a text comes in as it is, whatever its length", () => {
  for (const length of LENGTHS) {
    const url = `${FILM}?${"a b~".repeat(length).slice(0, length)}`;
    assert.equal(echo(url), url);
  }
  assert.equal(asked("").status, 404);
  assert.equal(asked(FILM, {}, "").status, 404);
  assert.equal(asked(FILM, { authorization: "" }).status, 402);
});

test("letters outside ASCII come in as they are, at the start, in the middle and at the end", () => {
  for (const letter of ["é", "₮", "🎬", "\u{80}", "\0", "\u{7f}"]) {
    for (const length of LENGTHS.slice(0, -1)) {
      const plain = "a".repeat(length);
      for (const text of [letter + plain, plain + letter + plain, plain + letter, letter.repeat(Math.min(length, 400))]) {
        assert.equal(echo(`${FILM}?${text}`), `${FILM}?${text}`);
      }
    }
  }
});

test("half a pair comes in as what stands for what is not text", () => {
  for (const half of ["\ud83c", "\udfac"]) {
    for (const length of LENGTHS.slice(0, -1)) {
      const plain = "a".repeat(length);
      for (const text of [half + plain, plain + half + plain, plain + half]) {
        assert.equal(echo(`${FILM}?${text}`), `${FILM}?${text.toWellFormed?.() ?? text.replace(half, "\ufffd")}`);
      }
    }
  }
});

test("a text may be longer than what the memory had room for", () => {
  for (const letter of ["a", "é", "🎬"]) {
    const exposed = letter.repeat(1_500_000);
    const [, , [name, value]] = glue.gateDress(gate, [null, null, exposed]);
    assert.equal(name, "Access-Control-Expose-Headers");
    assert.ok(value.startsWith(`${exposed}, `));
    assert.equal(asked(FILM, { authorization: `Bearer ${exposed}` }).status, 402);
  }
});

test("s69 a header that throws is none, and the next request is answered", () => {
  const thrown = () => {
    throw new Error("no such header");
  };
  const own = asked(FILM);
  for (let round = 0; round < 1_000; round++) {
    for (const name of ["authorization", "payment-signature", "x-payment"]) assert.deepEqual(asked(FILM, { [name]: thrown }), own);
  }
  assert.throws(() => glue.gateDress(gate, { toJSON: thrown }), /no such header/);
  assert.deepEqual(asked(FILM), own);
});

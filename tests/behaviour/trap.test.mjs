// An instance of wasm that broke is replaced, and nothing is lost with it.
import assert from "node:assert/strict";
import test, { after, before } from "node:test";
import { openWorld } from "./world.mjs";

let world;
before(async () => (world = await openWorld()));
after(() => world?.close());

test("s69 after a trap the same payment is served, and a thousand requests more", async () => {
  const { access_token } = await (await world.buy("matinee", await world.pay("/films/moon"))).json();
  const payment = await world.pay("/films/moon");
  for (const path of ["/films/moon", "/wrapped", "/token"]) {
    const method = path === "/token" ? "POST" : "GET";
    const broken = await world.payOn(path, payment, { method, headers: { "x-overflow": "1" } });
    const { code, message } = await broken.json();
    assert.deepEqual([broken.status, code, broken.headers.get("cache-control")], [500, "internal_error", "no-store"]);
    assert.ok(message);
    assert.equal((await world.payOn("/films/moon", payment)).status, 200, path);
  }
  // Its first visit registers a price, which an instance that still holds its locks could not take.
  assert.equal((await world.fetch("/inside")).status, 402);
  for (let batch = 0; batch < 20; batch += 1) {
    const ask = async (place) => {
      const response = await (place % 2 ? world.withTicket("/films/moon", access_token) : world.fetch("/films/moon"));
      await response.arrayBuffer();
      assert.equal(response.status, place % 2 ? 200 : 402);
    };
    await Promise.all(Array.from({ length: 50 }, (_, place) => ask(place)));
  }
});

test("s69 who waits for the handler while the instance is replaced is told to come again, and is charged once", async () => {
  const payment = await world.pay("/films/premiere");
  const crowd = Array.from({ length: 30 }, (_, place) =>
    place === 10 ? world.fetch("/", { headers: { "x-overflow": "1" } }) : world.payOn("/films/premiere", payment),
  );
  for (const response of await Promise.all(crowd)) {
    await response.arrayBuffer();
    assert.ok([200, 500, 503].includes(response.status), `${response.status}`);
  }
  // Who had claimed it in the instance that is gone holds it until the lease ends.
  const end = Date.now() + 60_000;
  let status;
  do ({ status } = await world.payOn("/films/premiere", payment));
  while (status === 503 && Date.now() < end);
  assert.equal(status, 200);
  const { jti } = await (await world.buy("premiere", payment)).json();
  await world.settled(jti);
  assert.equal((await world.transfers()).filter(({ data }) => BigInt(data) === 50_000n).length, 1);
});

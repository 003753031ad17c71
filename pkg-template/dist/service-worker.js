// x402-wasm/service-worker: a whole site pays, pictures, films and pages included, without touching its code.

/**
 * Answers the site's own GET requests through a payer. `openPayer` makes it when it is needed, again in each life of the
 * worker: what must outlive that goes into its store and its wallet. `covers` leaves requests out.
 */
export function payFor(openPayer, { covers = () => true } = {}) {
  let opening;
  const payer = () =>
    (opening ??= Promise.resolve()
      .then(openPayer)
      .catch((error) => {
        opening = undefined;
        throw error;
      }));

  addEventListener("install", () => skipWaiting());
  addEventListener("activate", (event) => event.waitUntil(clients.claim()));
  addEventListener("fetch", (event) => {
    const { request } = event;
    const isOurs = request.method === "GET" && new URL(request.url).origin === location.origin;
    if (isOurs && covers(request)) event.respondWith(answer(payer, request));
  });
}

async function answer(payer, request) {
  try {
    // What a picture or a page may ask with has no room for a ticket: the same request, as a script would make it.
    return await (await payer()).fetch(request, { mode: "same-origin" });
  } catch (error) {
    if (request.signal.aborted) throw error;
    // Not paid: the browser gets what it would have got without us, which for a page is the gate's own.
    console.warn(`x402-wasm: ${request.url} was not paid for: ${error.message}`);
    return fetch(request);
  }
}

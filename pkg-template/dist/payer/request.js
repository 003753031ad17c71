// The owner's request, so that it can be sent again with a ticket or a payment.

const MAX_BODY = 64 * 1024;

/** A request as its owner made it: `fetch`'s own arguments. */
export function ownRequest(input, init) {
  const given = input instanceof Request ? input : undefined;
  const url = given?.url ?? absolute(input);
  const headers = new Headers(init?.headers ?? given?.headers);
  const body = init?.body ?? undefined;
  const head = {
    method: (init?.method ?? given?.method ?? "GET").toUpperCase(),
    url,
    authorized: headers.has("authorization"),
    paid: headers.has("payment-signature") || headers.has("x-payment"),
    replayable: !isStream(body),
    maxAmount: init?.maxAmount,
  };
  // A Request hands its body out once; what is sent later needs a copy from before.
  const spare = given?.body && body === undefined ? given.clone() : undefined;

  return {
    head,
    url,
    signal: init?.signal ?? given?.signal,

    /** Sends it: as it is, or perhaps elsewhere, with a ticket or a payment. */
    send(fetch, { url, headers: more, mayFollowRedirects }) {
      if (mayFollowRedirects) return fetch(input, init);
      const changed = new Headers(headers);
      for (const [name, value] of Object.entries(more)) {
        if (value === null) changed.delete(name);
        else changed.set(name, value);
      }
      const again = spare?.clone() ?? input;
      const target = url && given ? new Request(url, again) : (url ?? again);
      return fetch(target, { ...init, headers: changed, redirect: "manual" });
    },

    /** The copy is not needed any more. */
    release() {
      spare?.body?.cancel().catch(() => {});
    },
  };
}

const absolute = (input) => new URL(input, globalThis.document?.baseURI ?? globalThis.location?.href).href;

// Anything that is not read by being sent: text, bytes, blobs and forms. `FormData` and its like stringify to their tag.
const isStream = (body) => body !== undefined && (body instanceof ReadableStream || Symbol.asyncIterator in Object(body));

/** What carries a ticket or a payment stays where it was sent (S59). Not `redirect: "error"`: workerd has none. */
export function refuseRedirect(response) {
  const { status, type } = response;
  if (type !== "opaqueredirect" && ![301, 302, 303, 307, 308].includes(status)) return response;
  response.body?.cancel().catch(() => {});
  throw new TypeError("A ticket or a payment was redirected.");
}

/** A response's head, and the body where the core wants to read it. */
export async function describe(response, url, wantsBody) {
  const { status, headers } = response;
  return {
    got: "response",
    status,
    url: withoutFragment(response.url || url),
    redirected: response.redirected,
    challenge: headers.get("payment-required") ?? undefined,
    date: Math.floor(Date.parse(headers.get("date")) / 1000) || undefined,
    receipt: headers.get("payment-response") ?? headers.get("x-payment-response") ?? undefined,
    body: wantsBody || status === 402 ? await textOf(response.clone()) : undefined,
  };
}

const withoutFragment = (url) => url.split("#")[0];

/** The text of a body of at most 64 KiB. */
async function textOf({ body }) {
  if (!body) return "";
  const reader = body.getReader();
  const decoder = new TextDecoder();
  let text = "";
  for (let length = 0; ; ) {
    const { done, value } = await reader.read();
    if (done) return text + decoder.decode();
    length += value.length;
    if (length > MAX_BODY) {
      reader.cancel().catch(() => {});
      return undefined;
    }
    text += decoder.decode(value, { stream: true });
  }
}

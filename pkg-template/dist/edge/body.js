// The body of a request or of an answer as text: no more bytes and no more time than the core allows.

const FIRST_ROOM = 16_384;

/** `{ body }`, or `{ fault }`: why there is none. What is counted is what comes out of a decompression. */
export async function readBody(message, maxBytes, timeoutMs) {
  if (!message.body) return { body: "" };
  const reader = message.body.getReader();
  let fault;
  const give = (reason) => ((fault = reason), reader.cancel().catch(() => {}));
  const slow = setTimeout(give, timeoutMs, "slow");
  try {
    let bytes = new Uint8Array(FIRST_ROOM);
    let length = 0;
    if (Number(message.headers.get("content-length")) > maxBytes) await give("large");
    for (;;) {
      const { done, value } = await reader.read();
      // A cancelled stream ends like one that is complete.
      if (fault) return { fault };
      if (done) return decoded(bytes.subarray(0, length));
      const end = length + value.length;
      if (end > maxBytes) {
        await give("large");
        return { fault };
      }
      bytes = withRoom(bytes, end);
      bytes.set(value, length);
      length = end;
    }
  } catch {
    return { fault: fault ?? "broken" };
  } finally {
    clearTimeout(slow);
  }
}

function withRoom(bytes, length) {
  if (length <= bytes.length) return bytes;
  const larger = new Uint8Array(Math.max(length, 2 * bytes.length));
  larger.set(bytes);
  return larger;
}

function decoded(bytes) {
  try {
    return { body: new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes) };
  } catch {
    return { fault: "encoding" };
  }
}

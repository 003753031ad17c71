// Requests of our own, to nodes and facilitators. Whatever comes back is for the core to judge.
import { readBody } from "./body.js";

/**
 * `{ http: { status, body, retryAfter } }`, or `{ http: { fault } }`. No redirect is followed (S59). `credentials` says
 * at which door of a facilitator the operator's own headers let us in.
 */
export async function send({ method, url, headers, body, timeoutMs, maxBytes, credentials }, instance) {
  const signal = AbortSignal.timeout(timeoutMs);
  const fault = (otherwise) => (signal.aborted ? "slow" : otherwise);
  try {
    const own = credentials ? await instance.headersFor(credentials) : [];
    const response = await fetch(url, { method, headers: [...headers, ...own], body, redirect: "manual", signal });
    const read = await readBody(response, maxBytes, timeoutMs);
    if (read.fault) return { http: { fault: fault(read.fault) } };
    return { http: { ...read, status: response.status, retryAfter: response.headers.get("retry-after") } };
  } catch (error) {
    console.error("x402-wasm: no answer", error);
    return { http: { fault: fault("unreachable") } };
  }
}

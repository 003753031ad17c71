// Requests of our own, to nodes and facilitators. Whatever comes back is for the core to judge.
import { readBody } from "./body.js";
import { checkAuthHeaders } from "./settle.js";

/**
 * `{ http: { status, body, retryAfter } }`, or `{ http: { fault } }`. No redirect is followed (S59). `credentials` says
 * at which door of a facilitator the operator's own headers let us in.
 */
export async function send({ method, url, headers, body, timeoutMs, maxBytes, credentials }, instance) {
  const signal = AbortSignal.timeout(timeoutMs);
  const fault = (otherwise) => (signal.aborted ? "slow" : otherwise);
  try {
    const own = credentials ? await headersFor(credentials, instance) : [];
    const response = await fetch(url, { method, headers: [...headers, ...own], body, redirect: "manual", signal });
    const read = await readBody(response, maxBytes, timeoutMs);
    if (read.fault) return { http: { fault: fault(read.fault) } };
    return { http: { ...read, status: response.status, retryAfter: response.headers.get("retry-after") } };
  } catch (error) {
    console.error("x402-wasm: no answer", error);
    return { http: { fault: fault("unreachable") } };
  }
}

/** The operator's own headers for a door of the facilitator that verifies, or settles. */
async function headersFor(door, { verify, settle }) {
  const { authHeaders } = door === "verify" ? verify : settle;
  const all = typeof authHeaders === "function" ? await authHeaders() : authHeaders;
  checkAuthHeaders(all);
  return Object.entries(all?.[door] ?? {});
}

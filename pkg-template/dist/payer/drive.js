// The driver: does what the flow asks for, and hands back what came of it. It decides nothing.
import { X402Error } from "../errors.js";
import { abortable, sleep } from "./lines.js";
import { describe, ownRequest, refuseRedirect } from "./request.js";

/** Carries one request to its end. `host` is what the payer lends to it: fetch, lines, store, wallet, news. */
export async function drive(host, input, init) {
  const own = ownRequest(input, init);
  // Called as a function of nobody's: a page's own refuses to be a method.
  const { fetch } = host;
  const held = new Map();
  let response, failure, flow;
  try {
    let step = await host.turn("payer_begin", { request: own.head });
    flow = step.flow;
    for (;;) {
      for (const { type, detail } of step.notices ?? []) host.tell(type, detail);
      if (step.do === "done" || step.do === "fail" || step.do === "rethrow") flow = undefined;
      if (step.do === "done") return response;
      if (step.do === "rethrow") throw failure;
      if (step.do === "fail") {
        // A wallet may know better than the core why it did not sign.
        const { offer, error } = step;
        const fault = failure instanceof X402Error ? failure : new X402Error(error.code, error.message, { ...error, offer, cause: failure });
        const { code, message, reason, limit } = fault;
        host.tell("refusal", { code, message, reason, limit, offer });
        throw fault;
      }
      const outcome = await act(step);
      own.signal?.throwIfAborted();
      step = await host.turn("payer_resume", { flow, outcome });
    }
  } finally {
    // Given up halfway: what never left is not spent, and the next in line may go on.
    if (flow !== undefined) host.abandon(flow).catch(() => {});
    for (const release of held.values()) release();
    own.release();
  }

  function post({ url, headers, body }) {
    return fetch(url, { method: "POST", headers, body, redirect: "manual", signal: own.signal });
  }

  async function act(step) {
    try {
      switch (step.do) {
        case "send": {
          const last = response;
          response = undefined;
          last?.body?.cancel().catch(() => {});
          const isOffice = step.body !== undefined;
          const answer = await (isOffice ? post(step) : own.send(fetch, step));
          response = step.mayFollowRedirects ? answer : refuseRedirect(answer);
          return await describe(response, step.url ?? own.url, isOffice);
        }
        case "lock":
          held.set(step.name, await host.line(step.name, own.signal));
          return { got: "ready" };
        case "unlock":
          held.get(step.name)();
          held.delete(step.name);
          return { got: "ready" };
        case "save":
          await abortable(host.save(step), own.signal);
          return { got: "ready" };
        case "ask":
          return { got: (await abortable(host.ask(step), own.signal)) === true ? "ready" : "failed" };
        case "sign":
          return { got: "signed", ...(await abortable(host.sign(step), own.signal)) };
        case "sleep":
          await sleep(step.milliseconds, own.signal);
          return { got: "ready" };
      }
    } catch (error) {
      failure = error;
      return { got: "failed" };
    }
  }
}

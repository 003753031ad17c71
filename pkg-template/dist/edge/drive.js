// The driver: does what the machine asks for, and hands back what came of it.
import { X402Error } from "../errors.js";
import { readBody } from "./body.js";
import { now } from "./clock.js";
import { tell } from "./hooks.js";

const BODY_TIMEOUT_MS = 10_000;
const OVERRIDES = "Settlement-Overrides";
const UNCACHED = { "Cache-Control": "no-store" };

const BROKEN = {
  code: "internal_error",
  message: "Something broke on our side: send the same payment again, it is charged once.",
};

/** Runs a request to its answer. Whatever breaks on our side ends in an answer, never in content (S21). */
export async function drive(instance, begin, request, ctx, handler) {
  const { wasm, machine } = instance.kind;
  let born;
  let waiting;
  let answer;
  let failure;
  try {
    let step = begin();
    born = wasm.generation;
    const next = (outcome) => wasm.resume(born, `${machine}Resume`, step.flow, outcome, now());
    for (;;) {
      waiting = step.flow;
      if (step.events) tell(instance.hooks, step.events, ctx);
      switch (step.do) {
        case "respond":
          await answer?.body?.cancel();
          return new Response(step.body || null, { status: step.status, headers: step.headers });
        case "file":
          return instance.paywall.file(step.name);
        case "report":
        case "reconcile": {
          const blocks = new URL(request.url).searchParams.get("blocks") ?? undefined;
          return Response.json(await instance[step.do](blocks), { headers: UNCACHED });
        }
        case "deliver":
          if (failure) throw failure.error;
          return step.receipt === undefined ? answer : dressed(instance, answer, step.receipt);
        case "admit":
        case "handle": {
          const { ticket } = step;
          let charge;
          if (step.charges) ticket.charge = (amount) => (charge = JSON.stringify({ amount }));
          try {
            answer = await handler(ticket);
            const override = answer.headers.get(OVERRIDES);
            if (override !== null) {
              charge ??= override;
              answer = new Response(answer.body, answer);
              answer.headers.delete(OVERRIDES);
            }
          } catch (error) {
            failure = { error };
          }
          if (step.do === "handle") step = next({ status: failure ? 500 : answer.status, charge });
          else if (failure) throw failure.error;
          else return ticket ? dressed(instance, answer, step.receipt) : answer;
          break;
        }
        default:
          step = next(await outcome(instance, step, request));
      }
      waiting = undefined;
    }
  } catch (error) {
    if (waiting && born === wasm.generation) wasm.resume(born, `${machine}Drop`, waiting);
    // The application's own errors are the application's: they pass through as they are.
    if (failure?.error === error) throw error;
    return broken(error);
  }
}

function outcome(instance, step, request) {
  switch (step.do) {
    case "ledger":
      return instance.ledger(step);
    case "readBody":
      return readBody(request, step.maxBytes, BODY_TIMEOUT_MS);
    case "http":
      return instance.kind.send(step, instance);
    case "sleep":
      return new Promise((resolve) => setTimeout(resolve, step.ms, { woke: true }));
  }
}

function dressed(instance, response, receipt) {
  // Upgrades cannot be copied, and carry nothing that a cache would keep.
  if (response.status === 101) return response;
  const dress = (own) => {
    instance.dress(own.headers);
    if (receipt) own.headers.set(...receipt);
    return own;
  };
  // What every visitor gets may stand on the handler's own answer, unless that is another server's: a copy costs more.
  if (!receipt)
    try {
      return dress(response);
    } catch {}
  return dress(new Response(response.body, response));
}

function broken(error) {
  console.error("x402-wasm: a request failed", error);
  const { code, message } = error instanceof X402Error ? error : BROKEN;
  return Response.json({ error: code, code, message }, { status: 500, headers: UNCACHED });
}

// x402-wasm/hono: a gate's checks and counters as Hono knows them.

/** `const pay = paid(gate)`, then `app.get("/films/:id", pay({ scope, price }), handler)`. */
export const paid = (gate) => (options) => {
  const check = gate.paid(options, (_request, _env, visit, ticket) => visit.enter(ticket));
  return async (context, next) => {
    let answer;
    const enter = async (ticket) => {
      context.set("ticket", ticket);
      await next();
      answer = context.res;
      return answer;
    };
    const checked = await check(context.req.raw, environment(context), { ...background(context), enter });
    // Hono would lay the headers of the handler's answer over those of the gate, which holds them already.
    if (answer) context.res = undefined;
    context.res = checked;
  };
};

/** The ticket office: `app.post("/token", office(gate))`. */
export const office = (gate) => (context) => gate.office(context.req.raw, environment(context), background(context));

// Hono's server for Node gives each request an object of its own; one gate has one environment.
const environment = ({ env }) => (env?.incoming ? globalThis.process.env : env);

function background(context) {
  try {
    const host = context.executionCtx;
    return { waitUntil: (work) => host.waitUntil(work) };
  } catch {
    // Node has none: work goes on by itself there.
    return {};
  }
}

// The contests inside an isolate: `/check` has everybody's answers checked, `/run?contest=&who=&count=` works.
import { createRequire } from "node:module";

let opening;

export default {
  async fetch(request) {
    // Inside a handler, because edge runtimes draw no randomness outside, and one peer asks for Node's `require`.
    globalThis.require ??= createRequire("/");
    const { pathname, searchParams } = new URL(request.url);
    try {
      const { contests, repeat } = await (opening ??= import("./inside.js").then(({ open }) => open()));
      if (pathname === "/list") {
        return Response.json(contests.map(({ table, contest }) => ({ ...table, contestants: contest.contestants.map(({ name, isOurs }) => ({ name, isOurs })) })));
      }
      const { contest, inputs } = contests.find(({ table }) => table.id === searchParams.get("contest"));
      const contestant = contest.contestants.find(({ name }) => name === searchParams.get("who"));
      await repeat(contestant, inputs, Number(searchParams.get("count")));
      return new Response();
    } catch (error) {
      return new Response(`${error.stack}\n${error.cause?.stack ?? ""}`, { status: 500 });
    }
  },
};

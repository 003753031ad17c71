// What any worker costs.
export default { fetch: () => new Response("the film") };

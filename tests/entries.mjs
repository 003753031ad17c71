// The same worker with another entry point of the gate: a plugin of esbuild's.

/** Whoever imports `x402-wasm/edge` gets `entry` of this package. */
export const asking = (entry) => ({
  name: "asking",
  setup: (builder) => builder.onResolve({ filter: /^x402-wasm\/edge$/ }, ({ path: _, ...from }) => builder.resolve(entry, from)),
});

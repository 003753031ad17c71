// The same script with another entry point of this package: a plugin of esbuild's.

/** Whoever imports `entry` gets `other`. */
export const inPlaceOf = (entry, other) => ({
  name: "in-place-of",
  setup: (builder) =>
    builder.onResolve({ filter: new RegExp(`^${entry}$`) }, ({ path, ...from }) => (path === other ? undefined : builder.resolve(other, from))),
});

// workerd compiles no bytes at run time: where a peer would, it gets its module as a module of the bundle.
import { fileURLToPath } from "node:url";

const here = (name) => fileURLToPath(new URL(name, import.meta.url));

export const withModules = {
  name: "with-modules",
  setup(builder) {
    builder.onResolve({ filter: /\/wasm\.mjs$/ }, () => ({ path: here("wasm.mjs") }));
    builder.onResolve({ filter: /^@bitauth\/libauth$/ }, () => ({ path: here("libauth.mjs") }));
    builder.onResolve({ filter: /^\.\/wasm_loader\.js$/ }, () => ({ path: here("tiny-loader.mjs") }));
    builder.onResolve({ filter: /^\.\/rand\.js$/ }, ({ importer }) =>
      importer.includes("tiny-secp256k1") ? { path: importer.replace(/[^/]+$/, "rand.browser.js") } : undefined,
    );
  },
};

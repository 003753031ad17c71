import { defineConfig } from "vite";

export default defineConfig({
  root: import.meta.dirname,
  build: {
    target: "es2022",
    // The page's content security policy forbids data: URLs for everything but pictures.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
});

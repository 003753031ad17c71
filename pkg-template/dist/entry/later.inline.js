// The full build, for a page that turns out to need it. It comes beside the small one: the keys in that stay where they are.
export { default } from "../wasm/full.inline.js";

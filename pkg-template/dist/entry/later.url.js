// The same as a file beside the scripts.
export default () => fetch(new URL("../wasm/full_bg.wasm", import.meta.url));

// In place of tiny-secp256k1's own loader, which wants a bundler that imports wasm.
import * as rand from "../node_modules/tiny-secp256k1/lib/rand.browser.js";
import bytes from "../node_modules/tiny-secp256k1/lib/secp256k1.wasm";
import * as validate_error from "../node_modules/tiny-secp256k1/lib/validate_error.js";

export default new WebAssembly.Instance(new WebAssembly.Module(bytes), { "./rand.js": rand, "./validate_error.js": validate_error }).exports;

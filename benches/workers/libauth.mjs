// In place of @bitauth/libauth, whose own start compiles bytes.
import module from "../node_modules/@bitauth/libauth/build/lib/bin/secp256k1/secp256k1.wasm";
import { instantiateSecp256k1Bytes } from "../node_modules/@bitauth/libauth/build/lib/crypto/secp256k1.js";

const { instantiate } = WebAssembly;
WebAssembly.instantiate = async (_bytes, imports) => ({ instance: await instantiate(module, imports) });
export const secp256k1 = await instantiateSecp256k1Bytes(new ArrayBuffer(0));
WebAssembly.instantiate = instantiate;

// One instance of a signing build: what wasm-bindgen's own glue does for two functions, and none of the rest. It can be
// made again after a trap, and beside another.

/** Calls an export of the module with bytes, and answers with text. */
export function instantiate(module) {
  // The names end in a hash; this one alone does something for us.
  const imports = WebAssembly.Module.imports(module).map(({ name }) => [name, name.includes("getRandomValues") ? fill : () => {}]);
  const wasm = new WebAssembly.Instance(module, { "./browser_bg.js": Object.fromEntries(imports) }).exports;
  wasm.__wbindgen_start();

  return (name, given) => {
    const { length } = given;
    const start = wasm.__wbindgen_malloc(length, 1);
    bytes(start, length).set(given);
    const [from, size] = wasm[name](start, length);
    // Throws nothing but a RangeError, after which the instance is replaced.
    const answer = new TextDecoder().decode(bytes(from, size));
    wasm.__wbindgen_free(from, size, 1);
    return answer;
  };

  function bytes(start, length) {
    return new Uint8Array(wasm.memory.buffer, start >>> 0, length);
  }

  function fill(start, length) {
    try {
      crypto.getRandomValues(bytes(start, length));
    } catch (error) {
      const index = wasm.__externref_table_alloc();
      wasm.__wbindgen_externrefs.set(index, error);
      wasm.__wbindgen_exn_store(index);
    }
  }
}

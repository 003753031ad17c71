// What a front end writes to pay with a key of its own, with each of the peers: the smallest script that does it. Each
// exports `pay(url, key)`, which fetches, pays and answers with the paid response.
export const entries = [
  // Its module is a file that the page fetches, which no process without a server can.
  { name: "x402-wasm/url", isOurs: true, file: "x402-wasm-url.js", beside: "browser_bg.wasm", isForPages: true },
  { name: "x402-wasm, module inside", isOurs: true, file: "x402-wasm.js" },
  { name: "@x402/fetch and @x402/evm", file: "x402-fetch.js" },
  { name: "x402-fetch", file: "x402-fetch-v1.js" },
  { name: "viem, by hand", file: "viem.js" },
  { name: "ethers, by hand", file: "ethers.js" },
  { name: "@noble, by hand", file: "noble.js" },
];

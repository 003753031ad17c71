// The wallets of a browser's extensions: found, brought to the right chain, and told apart in what they refuse (S66).
import assert from "node:assert/strict";
import test, { after, before } from "node:test";
import { generatePrivateKey, privateKeyToAccount } from "viem/accounts";
import { openHouse } from "./house.mjs";

const HERE = "0x14a34";
const ELSEWHERE = "0x1";

let house;
before(async () => (house = await openHouse()));
after(() => house?.close());

/** A new visitor's page with this wallet in it. */
async function withWallet(t, wallet) {
  const visitor = await house.visitor();
  t.after(visitor.close);
  const page = await visitor.page();
  const key = generatePrivateKey();
  const options = { key, rpcUrl: house.rpcUrl, knows: [HERE], ...wallet };
  await page.evaluate((options) => (window.installed = kit.installWallet(options)), options);
  return { page, address: privateKeyToAccount(key).address };
}

/** Connects the wallet that announces itself, and buys a film with it. */
const buy = (page, { chains } = {}) =>
  page.evaluate(
    async ([film, chains]) => {
      const found = await new Promise((resolve) => kit.watchWallets(resolve));
      const { told, payer } = await kit.open({ wallet: await found[0].connect({ chains }) });
      const outcome = await kit.outcome(payer.fetch(film));
      return { outcome, told, asked: window.installed.asked, spent: payer.spending().perDay.spent };
    },
    [house.film, chains],
  );

const localChain = () => ({ "eip155:84532": { chainName: "Local", rpcUrls: [house.rpcUrl], nativeCurrency: { name: "Ether", symbol: "ETH", decimals: 18 } } });

test("a wallet on the right chain signs once, and its check is cashed", async (t) => {
  const { page, address } = await withWallet(t, {});
  await house.fund(address);
  const { outcome, asked } = await buy(page);
  assert.equal(outcome, 200);
  assert.deepEqual(asked, ["eth_requestAccounts", "eth_chainId", "eth_signTypedData_v4"]);
  assert.deepEqual(await house.cashed(address, 1), [10_000]);
});

test("a wallet on another chain is brought to the one that is signed for", async (t) => {
  const { page } = await withWallet(t, { knows: [ELSEWHERE, HERE] });
  const { outcome, asked } = await buy(page);
  assert.equal(outcome, 200);
  assert.deepEqual(asked.slice(1), ["eth_chainId", "wallet_switchEthereumChain", "eth_signTypedData_v4"]);
});

test("a wallet learns a chain that the page describes", async (t) => {
  const { page, address } = await withWallet(t, { knows: [ELSEWHERE] });
  await house.fund(address);
  const { outcome, asked } = await buy(page, { chains: localChain() });
  assert.equal(outcome, 200);
  const change = "wallet_switchEthereumChain";
  assert.deepEqual(asked.slice(2), [change, "wallet_addEthereumChain", change, "eth_signTypedData_v4"]);
  assert.deepEqual(await house.cashed(address, 1), [10_000]);
});

test("without a description the chain stays unknown, and nothing is paid", async (t) => {
  const { page } = await withWallet(t, { knows: [ELSEWHERE] });
  const { outcome, spent, told } = await buy(page);
  assert.deepEqual([outcome, spent], ["chain_unknown_to_wallet", "0"]);
  assert.ok(told.includes("refusal") && !told.includes("payment"));
});

test("each refusal of a wallet has its code, and nothing is paid", async (t) => {
  const sign = "eth_signTypedData_v4";
  const refusals = [
    [sign, 4001, "wallet_refused"],
    [sign, 4100, "wallet_unauthorized"],
    [sign, 4200, "wallet_unsupported"],
    [sign, -32601, "wallet_unsupported"],
    [sign, 4900, "wallet_disconnected"],
    [sign, 4901, "wallet_disconnected"],
    [sign, -32002, "wallet_busy"],
    [sign, -32603, "wallet_failed"],
    ["wallet_switchEthereumChain", 4001, "wallet_refused"],
    ["wallet_addEthereumChain", 4001, "wallet_refused"],
    ["eth_chainId", 4900, "wallet_disconnected"],
  ];
  for (const [method, number, code] of refusals) {
    const { page } = await withWallet(t, { knows: method === sign ? [HERE] : [ELSEWHERE], refuses: { [method]: number } });
    const { outcome, spent } = await buy(page, { chains: localChain() });
    assert.deepEqual([outcome, spent], [code, "0"], `${method} ${number}`);
    await page.close();
  }
  const { page } = await withWallet(t, { refuses: { eth_requestAccounts: 4001 } });
  assert.equal(await page.evaluate(() => kit.connectWallet(window.installed.provider).then(String, ({ code }) => code)), "wallet_refused");
});

test("s67 what announces itself is checked, and the first of a name counts", async (t) => {
  const { page } = await withWallet(t, { info: { name: "<img src=x onerror=alert(1)>" } });
  const errors = [];
  page.on("pageerror", (error) => errors.push(error.message));
  const found = await page.evaluate(() => {
    const lists = [];
    const stop = kit.watchWallets((wallets) => lists.push(wallets));
    const announce = (detail) => dispatchEvent(new CustomEvent("eip6963:announceProvider", { detail }));
    const [{ uuid }] = lists[0];
    const info = { uuid: "2", name: "Another", icon: "data:image/png;base64,", rdns: "test.other" };
    const provider = { request: async () => [] };
    announce({ info: { ...info, uuid }, provider });
    for (const change of [{ icon: "https://evil.example/seen.png" }, { name: "" }, { uuid: 7 }, { rdns: undefined }]) announce({ info: { ...info, ...change }, provider });
    for (const detail of [undefined, {}, { info: null }, { info }, { info, provider: {} }]) announce(detail);
    announce({ info, provider });
    stop();
    announce({ info: { ...info, uuid: "3" }, provider });
    return lists.map((list) => list.map(({ name }) => name));
  });
  assert.deepEqual(errors, []);
  assert.deepEqual(found, [["<img src=x onerror=alert(1)>"], ["<img src=x onerror=alert(1)>", "Another"]]);
});
